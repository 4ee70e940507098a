texts! {
    /// Node state.
    NodeTexts
    title: "Node", "Knoten";
    starting: "The node is starting", "Der Knoten startet";
    starting_long:
        "The node is still starting. It may be waiting for the storage that this tab used before you reloaded it.",
        "Der Knoten startet noch. Vielleicht wartet er auf den Speicher, den dieser Tab vor dem Neuladen benutzt hat.";
    opening(read, size):
        "Checking the stored chain: {read} of {size}",
        "Prüft die gespeicherte Kette: {read} von {size}";
    opening_progress: "Stored chain checked", "Geprüfter Teil der gespeicherten Kette";
    waiting_for_peers:
        "No relay answers. The node keeps trying.",
        "Kein Relay antwortet. Der Knoten versucht es weiter.";
    headers(height): "Downloading block headers: {height} so far", "Lädt Blockköpfe: bisher {height}";
    blocks(height, target): "Checking block {height} of {target}", "Prüft Block {height} von {target}";
    synced(height): "Up to date: block {height} is the newest", "Aktuell: Block {height} ist der neueste";
    synced_genesis: "Up to date: nobody has mined a block yet", "Aktuell: Noch hat niemand einen Block gemint";
    progress: "Blocks checked", "Geprüfte Blöcke";
    tip: "Newest block", "Neuester Block";
    tip_id: "Newest block’s ID", "ID des neuesten Blocks";
    supply: "Supply", "Geldmenge";
    peers: "Peers", "Peers";
    waiting_payments: "Waiting payments", "Wartende Zahlungen";
    stored: "Stored chain", "Gespeicherte Kette";
    in_memory: "in memory", "im Arbeitsspeicher";
    difficulty: "Hashes per block", "Hashes pro Block";
    memory_not_secure:
        "This page came over plain http, so the browser doesn’t let it store files. The node keeps the chain in memory and downloads it again after each reload. Over https or on localhost the chain would stay.",
        "Diese Seite kam über unverschlüsseltes http, darum lässt der Browser sie keine Dateien speichern. Der Knoten hält die Kette im Arbeitsspeicher und lädt sie nach jedem Neuladen erneut herunter. Über https oder auf localhost bliebe sie erhalten.";
    memory_not_supported:
        "This browser doesn’t let pages store files. The node keeps the chain in memory and downloads it again after each reload.",
        "Dieser Browser lässt Seiten keine Dateien speichern. Der Knoten hält die Kette im Arbeitsspeicher und lädt sie nach jedem Neuladen erneut herunter.";
    memory_slots_busy(slots):
        "Other tabs use all {slots} slots. This tab keeps the chain in memory and downloads it again after each reload.",
        "Andere Tabs belegen alle {slots} Speicherplätze. Dieser Tab hält die Kette im Arbeitsspeicher und lädt sie nach jedem Neuladen erneut herunter.";
    memory_refused(why):
        "The browser doesn’t let this page store files, as in some private windows. The node keeps the chain in memory and downloads it again after each reload. The browser says: {why}",
        "Der Browser lässt diese Seite keine Dateien speichern, wie in manchen privaten Fenstern. Der Knoten hält die Kette im Arbeitsspeicher und lädt sie nach jedem Neuladen erneut herunter. Der Browser meldet: {why}";
    keys_in_memory(why):
        "Your keys are in memory only. You lose them when you close this tab, so back them up first. The browser says: {why}",
        "Deine Schlüssel sind nur im Arbeitsspeicher. Du verlierst sie, wenn du diesen Tab schließt: Sichere sie vorher. Der Browser meldet: {why}";
    slow_verifier:
        "The node’s fast signature check doesn’t work in this browser. It uses another one, which is slower.",
        "Die schnelle Signaturprüfung des Knotens funktioniert in diesem Browser nicht. Er nutzt eine andere, die langsamer ist.";
    set_aside(name, why):
        "The node couldn’t use an earlier chain file and set it aside as {name} ({why}). It is downloading the chain again. Your keys are safe.",
        "Der Knoten konnte eine frühere Kettendatei nicht verwenden und hat sie als {name} beiseitegelegt ({why}). Er lädt die Kette neu herunter. Deine Schlüssel sind sicher.";
    notices: "Notices", "Hinweise";
}
