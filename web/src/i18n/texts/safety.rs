texts! {
    /// What could be lost, what is unknown, and whom one trusts.
    SafetyTexts
    backup_have: "I have the file", "Ich habe die Datei";
    newer_version:
        "A newer version of this page is available, and the files of this version are gone. Reload the page.",
        "Es gibt eine neuere Version dieser Seite, und die Dateien dieser Version sind weg. Lade die Seite neu.";
    not_loaded:
        "The browser couldn’t load the node’s program. The relay may be gone, or something on the way blocks the file. Reload the page.",
        "Der Browser konnte das Programm des Knotens nicht laden. Vielleicht ist das Relay weg, oder etwas auf dem Weg blockiert die Datei. Lade die Seite neu.";
    out_of_memory:
        "The browser has no memory left for the node. Close other tabs or programs, then restart the node.",
        "Der Browser hat keinen Arbeitsspeicher mehr für den Knoten. Schließ andere Tabs oder Programme, dann starte den Knoten neu.";
    no_memory_for_passphrase:
        "The browser has no memory left for the passphrase. Close other tabs or programs, then try again.",
        "Der Browser hat keinen Arbeitsspeicher mehr für die Passphrase. Schließ andere Tabs oder Programme, dann versuch es noch einmal.";
    crashed: "The node ended with an error.", "Der Knoten ist mit einem Fehler abgebrochen.";
    payment_unknown:
        "The node stopped before it answered, so the payment may have been sent. Wait until the node runs again, and look at the history before you send it again.",
        "Der Knoten ist ausgefallen, bevor er geantwortet hat. Die Zahlung kann also gesendet sein. Warte, bis der Knoten wieder läuft, und sieh im Verlauf nach, bevor du sie noch einmal sendest.";
    payment_not_found:
        "The payment wasn’t sent. You can send it again.",
        "Die Zahlung ist nicht gesendet. Du kannst sie noch einmal senden.";
    other_rules(name, before, now):
        "The relay now serves other rules for {name}: network {now}, before {before}. That is another network with another chain and wallet. Your earlier keys are still in this browser. They return when a relay serves the earlier rules. If you didn’t expect this, ask who runs the relay.",
        "Das Relay hat jetzt andere Regeln für {name}: Netz {now}, bisher {before}. Das ist ein anderes Netz mit anderer Kette und anderer Wallet. Deine bisherigen Schlüssel sind noch in diesem Browser. Sie sind wieder da, sobald ein Relay die bisherigen Regeln hat. Hast du das nicht erwartet, frag den Betreiber des Relays.";
    unreadable_keys(n):
        "Keys in this browser that can’t be read: {n}. The browser keeps them. If you have a backup, import it.",
        "Nicht lesbare Schlüssel in diesem Browser: {n}. Der Browser behält sie. Hast du eine Sicherung, importiere sie.";
    threads_enough(n):
        "This device gives the tab no more speed beyond {n} threads, so the node uses {n}.",
        "Mit mehr als {n} Threads wird der Tab auf diesem Gerät nicht schneller, darum nutzt der Knoten {n}.";
    trust_title: "Whom you trust", "Wem du vertraust";
    trust:
        "This tab checks every block and payment itself, so other nodes can’t spend your coins or invent money. This page and the network’s rules come from the relay: a bad relay could send a page that takes your keys. Trust it as much as who runs it.",
        "Dieser Tab prüft jeden Block und jede Zahlung selbst, also kann kein anderer Knoten deine Münzen ausgeben oder Geld erfinden. Diese Seite und die Regeln des Netzes kommen vom Relay: Ein böses Relay könnte eine Seite schicken, die deine Schlüssel nimmt. Vertrau ihm so weit wie seinem Betreiber.";
    trust_build: "Build of this page", "Build dieser Seite";
    trust_compare:
        "Compare it with “fedcoin --version” of a program that you trust.",
        "Vergleich ihn mit „fedcoin --version“ eines Programms, dem du vertraust.";
}
