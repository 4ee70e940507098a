texts! {
    /// Storage, connection, clock, versions.
    OperationTexts
    memory_full:
        "The disk or the browser’s storage for this page is full. The node keeps the chain in memory and downloads it again after each reload. Free some space, then reload the page.",
        "Die Festplatte oder der Speicher des Browsers für diese Seite ist voll. Der Knoten hält die Kette im Arbeitsspeicher und lädt sie nach jedem Neuladen erneut herunter. Schaff Platz und lade die Seite neu.";
    memory_failed(why):
        "The browser’s storage failed twice. The node keeps the chain in memory and downloads it again after each reload. The browser says: {why}",
        "Der Speicher des Browsers ist zweimal ausgefallen. Der Knoten hält die Kette im Arbeitsspeicher und lädt sie nach jedem Neuladen erneut herunter. Der Browser meldet: {why}";
    storage_failed:
        "The browser’s storage failed or was deleted. The node is restarting",
        "Der Speicher des Browsers ist ausgefallen oder wurde gelöscht. Der Knoten startet neu";
    storage_full:
        "The browser’s storage is full. The node is restarting and keeps the chain in memory",
        "Der Speicher des Browsers ist voll. Der Knoten startet neu und hält die Kette im Arbeitsspeicher";
    storage_damaged:
        "The stored chain is damaged. The node is restarting and downloads it again",
        "Die gespeicherte Kette ist beschädigt. Der Knoten startet neu und lädt sie erneut herunter";
    moved(slot):
        "Another tab now uses slot {slot}, which this tab had. This tab shows another slot with its own chain and wallet. Slot {slot} is still in this browser: close the other tab and open a new one to find it.",
        "Ein anderer Tab benutzt jetzt Speicherplatz {slot}, den dieser Tab hatte. Dieser Tab zeigt einen anderen Speicherplatz mit eigener Kette und Wallet. Speicherplatz {slot} gibt es in diesem Browser noch: Schließ den anderen Tab und öffne einen neuen, um ihn zu finden.";
    may_be_cleared:
        "If space runs short, the browser may delete this page’s data, including your keys. Back them up in the wallet.",
        "Wird der Platz knapp, darf der Browser die Daten dieser Seite löschen, auch deine Schlüssel. Sichere sie in der Wallet.";
    kept: "The browser keeps it until you delete it.", "Der Browser behält sie, bis du sie löschst.";
    restarted:
        "The node’s worker didn’t answer and was restarted",
        "Der Worker des Knotens hat nicht geantwortet und wurde neu gestartet";
    load_again: "Reload", "Neu laden";
    offline:
        "This device is offline. The node continues as soon as there is a network.",
        "Dieses Gerät ist offline. Der Knoten macht weiter, sobald es ein Netz gibt.";
    relay_away(time, why):
        "No connection to the relay for {time} ({why}). What you see may be out of date. Payments wait here until it’s back.",
        "Seit {time} keine Verbindung zum Relay ({why}). Was du siehst, ist vielleicht veraltet. Zahlungen warten hier, bis es zurück ist.";
    over_http:
        "Something between this device and the relay blocks WebSockets: a school’s or company’s filter, a proxy, or an antivirus program. The node uses plain HTTP requests instead and switches back by itself when WebSockets work.",
        "Etwas zwischen diesem Gerät und dem Relay blockiert WebSockets: ein Filter der Schule oder Firma, ein Proxy oder ein Virenscanner. Der Knoten nutzt stattdessen einfache HTTP-Anfragen und wechselt von selbst zurück, sobald WebSockets gehen.";
    retry_in(seconds): "Next try in {seconds}\u{a0}s.", "Nächster Versuch in {seconds}\u{a0}s.";
    retrying: "Trying now …", "Versucht es gerade …";
    try_now: "Try now", "Jetzt versuchen";
    clock_ahead(time):
        "This device’s clock is {time} ahead of the other nodes’ clocks. Set it. Until then, the blocks you mine carry their time.",
        "Die Uhr dieses Geräts geht gegenüber den anderen Knoten {time} vor. Stell sie. Bis dahin tragen deine Blöcke deren Zeit.";
    clock_behind(time):
        "This device’s clock is {time} behind the other nodes’ clocks. Set it. Until then, the node accepts new blocks late.",
        "Die Uhr dieses Geräts geht gegenüber den anderen Knoten {time} nach. Stell sie. Bis dahin nimmt der Knoten neue Blöcke verspätet an.";
    clock_agrees:
        "This device’s clock agrees with the other nodes’ clocks again",
        "Die Uhr dieses Geräts stimmt wieder mit den anderen Knoten überein";
    early_headers:
        "Not up to date: this device’s clock is behind, so the other nodes’ blocks seem to come from the future. Set the clock.",
        "Nicht aktuell: Die Uhr dieses Geräts geht nach, darum scheinen die Blöcke der anderen Knoten aus der Zukunft zu kommen. Stell die Uhr.";
    mining_clock_behind:
        "Waiting: this device’s clock is behind, so the node rejects the other nodes’ blocks. Set the clock.",
        "Wartet: Die Uhr dieses Geräts geht nach, darum lehnt der Knoten die Blöcke der anderen Knoten ab. Stell die Uhr.";
    mining_chain_ahead(until):
        "Waiting until {until}: the last blocks are dated ahead of this device’s clock, and no node would accept another block on top of them. If the clock is behind, set it.",
        "Wartet bis {until}: Die letzten Blöcke tragen Zeiten, die der Uhr dieses Geräts voraus sind, und kein Knoten würde einen weiteren Block darauf annehmen. Stell die Uhr, falls sie nachgeht.";
    payment_undone(id, why):
        "A reorganisation undid payment {id} for good: {why}",
        "Eine Reorganisation hat Zahlung {id} endgültig rückgängig gemacht: {why}";
    undone(amount, recipient, why):
        "A reorganisation undid the payment of {amount} FED to {recipient} for good: {why}",
        "Eine Reorganisation hat die Zahlung von {amount} FED an {recipient} endgültig rückgängig gemacht: {why}";
    minutes(n): "1 minute" | "{n} minutes", "1 Minute" | "{n} Minuten";
    less_than_a_minute: "less than a minute", "weniger als einer Minute";
    new_version: "A new version of this page is ready.", "Eine neue Version dieser Seite ist bereit.";
    install: "Install as an app", "Als App installieren";
}
