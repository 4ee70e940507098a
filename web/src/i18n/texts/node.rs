texts! {
    /// Node state.
    NodeTexts
    title: "Node", "Knoten";
    starting: "The node is starting", "Der Knoten startet";
    starting_long:
        "The node is still starting. It may be waiting for the storage that this tab used before the reload.",
        "Der Knoten startet noch. Vielleicht wartet er auf den Speicher, den dieser Tab vor dem Neuladen benutzt hat.";
    opening(read, size):
        "Checking the stored chain: {read} of {size}",
        "Prüft die gespeicherte Kette: {read} von {size}";
    opening_progress: "Stored chain checked", "Geprüfter Teil der gespeicherten Kette";
    waiting_for_peers:
        "No relay answers. The node keeps trying and goes on by itself.",
        "Kein Relay antwortet. Der Knoten versucht es weiter und macht von selbst weiter, sobald eines antwortet.";
    headers(height): "Learning block headers: {height} so far", "Lädt Blockköpfe: bisher {height}";
    blocks(height, target): "Checking block {height} of {target}", "Prüft Block {height} von {target}";
    synced(height):
        "Up to date: every block up to {height} is checked",
        "Auf dem neuesten Stand: alle Blöcke bis {height} sind geprüft";
    synced_genesis:
        "Up to date: nobody has mined a block yet",
        "Auf dem neuesten Stand: Noch hat niemand einen Block geschürft";
    progress: "Blocks checked", "Geprüfte Blöcke";
    height: "Height", "Höhe";
    tip: "Newest block", "Neuester Block";
    supply: "Money in existence", "Geldmenge";
    peers: "Peers", "Peers";
    waiting_payments: "Waiting payments", "Wartende Zahlungen";
    stored: "Stored chain", "Gespeicherte Kette";
    in_memory: "in memory", "im Arbeitsspeicher";
    difficulty: "Hashes per block", "Hashes je Block";
    memory_not_secure:
        "This page came over plain http, so the browser does not let it store files. The chain is kept in memory and downloaded again after a reload. Over https or on localhost it would stay.",
        "Diese Seite kam über einfaches http, darum lässt der Browser sie keine Dateien speichern. Die Kette liegt im Arbeitsspeicher, und nach dem Neuladen lädt der Knoten sie noch einmal herunter. Über https oder auf localhost bliebe sie erhalten.";
    memory_not_supported:
        "This browser does not let pages store files. The chain is kept in memory and downloaded again after a reload.",
        "Dieser Browser lässt Seiten keine Dateien speichern. Die Kette liegt im Arbeitsspeicher, und nach dem Neuladen lädt der Knoten sie noch einmal herunter.";
    memory_slots_busy(slots):
        "Other tabs use all {slots} slots. This tab keeps the chain in memory and downloads it again after a reload.",
        "Andere Tabs belegen alle {slots} Plätze. Dieser Tab hält die Kette im Arbeitsspeicher und lädt sie nach dem Neuladen noch einmal herunter.";
    memory_refused(why):
        "The browser does not let this page store files, as in some private windows. The chain is kept in memory and downloaded again after a reload. The browser said: {why}",
        "Der Browser lässt diese Seite keine Dateien speichern, wie in manchen privaten Fenstern. Die Kette liegt im Arbeitsspeicher, und nach dem Neuladen lädt der Knoten sie noch einmal herunter. Der Browser meldet: {why}";
    keys_in_memory(why):
        "Keys are kept in memory only and are lost when you close this tab. Export them first. The browser said: {why}",
        "Deine Schlüssel liegen nur im Arbeitsspeicher und sind weg, wenn du diesen Tab schließt. Exportiere sie vorher. Der Browser meldet: {why}";
    slow_verifier:
        "Without https the node cannot use the browser's signature check. It uses its own, which is slower.",
        "Ohne https kann der Knoten die Signaturprüfung des Browsers nicht nutzen. Er nimmt seine eigene, die langsamer ist.";
    set_aside(name, why):
        "An earlier chain file could not be used and was set aside as {name} ({why}). The node downloads the chain again; your keys are not touched.",
        "Eine frühere Kettendatei ließ sich nicht verwenden und liegt jetzt als {name} beiseite ({why}). Der Knoten lädt die Kette neu herunter; deine Schlüssel sind nicht betroffen.";
    notices: "Good to know", "Gut zu wissen";
}
