texts! {
    /// Storage, connection, clock, versions.
    OperationTexts
    memory_full:
        "The browser's storage for this page is full, or the disk is. The chain is kept in memory and downloaded again after a reload. Free some space, then reload the page.",
        "Der Speicher des Browsers für diese Seite oder die Festplatte ist voll. Die Kette liegt im Arbeitsspeicher, und nach dem Neuladen lädt der Knoten sie noch einmal herunter. Schaff Platz und lade die Seite neu.";
    memory_failed(why):
        "The browser's storage failed twice. The chain is kept in memory and downloaded again after a reload. The browser said: {why}",
        "Der Speicher des Browsers ist zweimal ausgefallen. Die Kette liegt im Arbeitsspeicher, und nach dem Neuladen lädt der Knoten sie noch einmal herunter. Der Browser meldet: {why}";
    storage_failed(why):
        "The browser's storage failed or was deleted; the node starts again ({why})",
        "Der Speicher des Browsers ist ausgefallen oder wurde gelöscht; der Knoten fängt neu an ({why})";
    moved(slot):
        "Another tab now uses slot {slot}, which this tab had, so this one shows the chain and wallet of another slot. What belongs to slot {slot} is still in this browser: close the other tab and open a new one to find it.",
        "Ein anderer Tab benutzt jetzt Platz {slot}, den dieser Tab hatte. Darum zeigt dieser Kette und Wallet eines anderen Platzes. Was zu Platz {slot} gehört, ist noch in diesem Browser: Schließ den anderen Tab und öffne einen neuen, um es zu finden.";
    may_be_cleared:
        "The browser does not promise to keep this page's data when space runs short, keys included. Back them up in the wallet.",
        "Der Browser verspricht nicht, die Daten dieser Seite zu behalten, wenn der Platz knapp wird, auch die Schlüssel nicht. Sichere sie im Wallet.";
    kept: "The browser keeps it until you delete it.", "Der Browser behält sie, bis du sie löschst.";
    restarted:
        "The node's worker did not answer and was restarted",
        "Der Worker des Knotens hat nicht geantwortet und wurde neu gestartet";
    load_again: "Reload the page", "Seite neu laden";
    offline:
        "This device is offline. The node keeps what it has and goes on as soon as there is a network.",
        "Dieses Gerät ist offline. Der Knoten behält, was er hat, und macht weiter, sobald es ein Netz gibt.";
    relay_away(time, why):
        "No connection to the relay for {time} ({why}). What you see may be out of date; payments wait here until it is back.",
        "Seit {time} keine Verbindung zum Relay ({why}). Was du siehst, kann veraltet sein; Zahlungen warten hier, bis es zurück ist.";
    retry_in(seconds): "Next attempt in {seconds}\u{a0}s.", "Nächster Versuch in {seconds}\u{a0}s.";
    retrying: "Trying now …", "Versucht es gerade …";
    try_now: "Try now", "Jetzt versuchen";
    clock_ahead(time):
        "This device's clock is {time} ahead of the other nodes'. Set it; until then the blocks you mine carry their time.",
        "Die Uhr dieses Geräts geht {time} gegenüber den anderen Knoten vor. Stell sie; bis dahin tragen deine Blöcke deren Zeit.";
    clock_behind(time):
        "This device's clock is {time} behind the other nodes'. Set it: the node accepts blocks more than 2 minutes ahead of it late.",
        "Die Uhr dieses Geräts geht {time} gegenüber den anderen Knoten nach. Stell sie: Blöcke, die ihr mehr als 2 Minuten voraus sind, nimmt der Knoten verspätet an.";
    clock_agrees:
        "This device's clock agrees with the other nodes' again",
        "Die Uhr dieses Geräts stimmt wieder mit denen der anderen Knoten überein";
    early_headers:
        "Not up to date: this device's clock is behind, so other nodes' blocks seem too early. Set the clock.",
        "Nicht auf dem neuesten Stand: Die Uhr dieses Geräts geht nach, darum gelten die Blöcke der anderen als verfrüht. Stell die Uhr.";
    mining_clock_behind:
        "Waiting until you set this device's clock: it is behind, and the node refuses the blocks of others",
        "Wartet, bis du die Uhr dieses Geräts stellst: Sie geht nach, und der Knoten lehnt die Blöcke der anderen ab";
    mining_chain_ahead(until):
        "Waiting until {until}: the last blocks are dated ahead of this device's clock, and nobody would accept another one on them. If the clock is behind, set it.",
        "Wartet bis {until}: Die letzten Blöcke tragen Zeiten, die der Uhr dieses Geräts voraus sind, und niemand würde einen weiteren darauf annehmen. Geht die Uhr nach, stell sie.";
    payment_undone(id, why):
        "Payment {id} was confirmed and is undone for good: {why}",
        "Zahlung {id} war bestätigt und gilt endgültig nicht mehr: {why}";
    undone(amount, recipient, why):
        "The payment of {amount} FED to {recipient} was confirmed and is undone for good: {why}",
        "Die Zahlung von {amount} FED an {recipient} war bestätigt und gilt endgültig nicht mehr: {why}";
    minutes_one: "1 minute", "1 Minute";
    minutes(n): "{n} minutes", "{n} Minuten";
    less_than_a_minute: "less than a minute", "weniger als einer Minute";
    new_version:
        "A new version of this page is ready. You get it at the next load.",
        "Eine neue Version dieser Seite liegt bereit. Du bekommst sie beim nächsten Laden.";
    install: "Install as an app", "Als App installieren";
}
