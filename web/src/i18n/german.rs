use super::texts::{
    ChainTexts, CommonTexts, FailureTexts, HeaderTexts, InputTexts, LogTexts, MiningTexts, NodeTexts, PaymentTexts,
    PeerTexts, SendTexts, Texts, WalletTexts,
};

/// The page in German.
pub(crate) static GERMAN: Texts = Texts {
    common: COMMON,
    header: HEADER,
    node: NODE,
    failure: FAILURE,
    chain: CHAIN,
    payment: PAYMENT,
    peers: PEERS,
    wallet: WALLET,
    purse: super::purse::GERMAN,
    send: SEND,
    mining: MINING,
    log: LOG,
    input: INPUT,
    view: super::view::GERMAN,
    operation: super::operation::GERMAN,
};

const COMMON: CommonTexts = CommonTexts {
    copy: "Kopieren",
    copied: "Kopiert",
    copy_failed: "Der Browser erlaubt das Kopieren nicht: Text bitte markieren und selbst kopieren",
    close: "Schließen",
    cancel: "Abbrechen",
    loading: "Wird geladen …",
    you: "du",
    just_now: "gerade eben",
    seconds_ago: |n| format!("vor {n}\u{a0}s"),
    minutes_ago: |n| format!("vor {n}\u{a0}min"),
    hours_ago: |n| format!("vor {n}\u{a0}h"),
    days_ago: |n| format!("vor {n} T"),
    not_running: "Der Knoten läuft nicht.",
};

const HEADER: HeaderTexts = HeaderTexts {
    tagline: "Voller Knoten im Tab",
    network: "Netz",
    network_id: "Netz-Id",
    language: "Sprache",
    skip: "Zum Inhalt",
    relay_ready: "Mit dem Relay verbunden",
    relay_connecting: "Verbindet mit dem Relay …",
    relay_waiting: "Relay antwortet nicht",
    relay_retry: |seconds| format!("Relay antwortet nicht, nächster Versuch in {seconds}\u{a0}s"),
    no_node: "Der Knoten läuft nicht",
    starting: "Startet …",
    footer: "Dieser Tab prüft jeden Block und jede Zahlung selbst. Er vertraut weder dem Relay noch anderen Tabs.",
    slot: |slot| format!("Platz {slot}: Kette und Schlüssel dieses Tabs"),
};

const NODE: NodeTexts = NodeTexts {
    title: "Knoten",
    starting: "Der Knoten startet",
    starting_long: "Der Knoten startet noch. Vielleicht wartet er auf den Speicher, den dieser Tab vor dem Neuladen benutzt hat.",
    opening: |read, size| format!("Prüft die gespeicherte Kette: {read} von {size}"),
    opening_progress: "Geprüfter Teil der gespeicherten Kette",
    waiting_for_peers: "Kein Relay antwortet. Der Knoten versucht es weiter und macht dann von selbst weiter.",
    headers: |height| format!("Lernt Blockköpfe kennen: bisher {height}"),
    blocks: |height, target| format!("Prüft Block {height} von {target}"),
    synced: |height| format!("Auf dem neuesten Stand: alle Blöcke bis {height} sind geprüft"),
    synced_genesis: "Auf dem neuesten Stand: noch hat niemand einen Block geschürft",
    progress: "Geprüfte Blöcke",
    height: "Höhe",
    tip: "Neuester Block",
    supply: "Geldmenge",
    peers: "Peers",
    waiting_payments: "Wartende Zahlungen",
    stored: "Gespeicherte Kette",
    in_memory: "im Arbeitsspeicher",
    difficulty: "Hashes je Block",
    memory_not_secure: "Die Seite kam über einfaches http, darum gibt ihr der Browser keinen Dateispeicher: Die Kette liegt im Arbeitsspeicher und wird nach dem Neuladen wieder geholt. Über https oder auf localhost bliebe sie erhalten.",
    memory_not_supported: "Dieser Browser hat keinen Dateispeicher für Seiten: Die Kette liegt im Arbeitsspeicher und wird nach dem Neuladen wieder geholt.",
    memory_slots_busy: |slots| {
        format!(
            "Alle {slots} Speicherplätze sind von anderen Tabs belegt: Dieser Tab hält die Kette im Arbeitsspeicher und holt sie nach dem Neuladen wieder."
        )
    },
    memory_refused: |why| {
        format!(
            "Der Browser verweigert den Dateispeicher (wie in manchen privaten Fenstern): Die Kette liegt im Arbeitsspeicher und wird nach dem Neuladen wieder geholt. Er sagt: {why}"
        )
    },
    keys_in_memory: |why| {
        format!(
            "Schlüssel liegen nur im Arbeitsspeicher und sind fort, wenn dieser Tab geschlossen wird: bitte vorher exportieren. Der Browser sagt: {why}"
        )
    },
    slow_verifier: "Ohne https steht die Signaturprüfung des Browsers nicht zur Verfügung: Der Knoten nimmt seine eigene, die langsamer ist.",
    set_aside: |name, why| {
        format!(
            "Eine frühere Kettendatei war nicht brauchbar und liegt jetzt als {name} beiseite (Meldung: „{why}“). Die Kette wird neu geholt, die Schlüssel bleiben unberührt."
        )
    },
    notices: "Gut zu wissen",
};

const FAILURE: FailureTexts = FailureTexts {
    title: "Der Knoten läuft nicht",
    keys_safe: "Schlüssel und Gespeichertes sind davon nicht betroffen.",
    retry: "Neu starten",
    no_answer: "Sein Worker antwortet nicht. Vielleicht fehlt seine Datei auf dem Server, oder der Browser hat ihn beendet.",
    no_network: |why| {
        format!("Das Relay hat nicht gesagt, welches Netz es bedient, und hier ist keines gemerkt: {why}")
    },
    params: |why| format!("Die Regeln des Netzes ergeben keinen Sinn: {why}"),
    storage: |why| format!("Der Speicher des Browsers versagt; vielleicht ist er voll oder wurde gelöscht: {why}"),
    corrupt: |why| format!("Die gespeicherte Kette ist beschädigt: {why}. Ein Neustart holt sie neu."),
    other: |why| format!("Etwas, das nicht vorkommen sollte: {why}"),
    stopped: "Er wurde angehalten.",
};

const CHAIN: ChainTexts = ChainTexts {
    title: "Blöcke",
    none: "Noch keine Blöcke.",
    payments_none: "keine Zahlungen",
    payments_one: "1 Zahlung",
    payments_many: |n| format!("{n} Zahlungen"),
    mined_by: |miner| format!("von {miner}"),
    mined_here: "von dir geschürft",
    genesis: "Genesis",
    primary: "auf der Hauptkette",
    side: "auf einer Nebenkette",
    header_only: "erst der Kopf ist bekannt",
    invalid: "verletzt eine Regel",
    older: "Ältere",
    oldest: "Älteste",
    newest: "Neueste",
    reorganised: |fork, off, on, tip| {
        format!("Umbau der Kette nach Block {fork}: {off} abgenommen, {on} angefügt; die Spitze ist nun Block {tip}")
    },
    dismiss: "Ausblenden",
    block: |height| format!("Block {height}"),
    open_block: |height| format!("Block {height} zeigen"),
    id: "Id",
    previous: "Voriger Block",
    time: "Zeit",
    miner: "Miner",
    reward: "Belohnung",
    size: "Größe",
    target: "Zielwert",
    nonce: "Salt und Nonce",
    merkle_root: "Merkle-Wurzel",
    place: "Ort",
    confirmations: "Bestätigungen",
    payments: "Zahlungen",
    not_stored: "Dieser Block ist hier nicht gespeichert.",
    find: "Suchen",
    find_hint: "Höhe, Id, Adresse, Schlüssel",
    find_action: "Zeigen",
    found_nothing: "Hier ist nichts dieses Namens bekannt.",
};

const PAYMENT: PaymentTexts = PaymentTexts {
    mempool: "Wartende Zahlungen",
    mempool_none: "Keine Zahlung wartet auf einen Block.",
    mempool_sum: |count, size| format!("{count}, {size}"),
    mempool_more: |n| format!("und {n} weitere"),
    title: "Zahlung",
    coinbase_title: "Mining-Belohnung",
    open: |id| format!("Zahlung {id} zeigen"),
    id: "Id",
    from: "Von",
    change: "Rückgeld",
    fee: "Gebühr",
    unknown: "unbekannt",
    inputs: "Ausgegebene Münzen",
    outputs: "Neue Münzen",
    state: "Stand",
    waiting: "wartet im Mempool auf einen Block",
    replaceable: "Der Absender kann sie noch durch eine mit höherer Gebühr ersetzen.",
    in_block: |height| format!("in Block {height}"),
    confirmed_one: |height| format!("in Block {height}, 1 Bestätigung"),
    confirmed_many: |height, n| format!("in Block {height}, {n} Bestätigungen"),
    replaced: "wartet weder noch ist sie in der Kette: verfallen, oder eine andere Zahlung hat ihre Münzen zuerst ausgegeben",
    not_found: "Diese Zahlung wartet weder, noch ist sie in den durchsuchten Blöcken.",
    new_coins: "neue Münzen",
    to_self: "an sich selbst",
};

const PEERS: PeerTexts = PeerTexts {
    title: "Peers",
    none: "Im Augenblick kein Peer.",
    height: "Höhe",
    round_trip: "Laufzeit",
    ready: "verbunden",
    connecting: "verbindet",
    waiting: "wartet",
    idle: "noch nicht versucht",
    reconnect: "Jetzt versuchen",
};

const WALLET: WalletTexts = WalletTexts {
    title: "Wallet",
    intro: "Um bezahlt zu werden, zu zahlen und zu schürfen, braucht es einen Schlüssel. Er entsteht und bleibt in diesem Browser; niemand sonst hat ihn, und niemand kann ihn ersetzen.",
    new_key: "Neuer Schlüssel",
    import: "Schlüssel importieren",
    import_title: "Privaten Schlüssel importieren",
    import_hint: "In Hex, wie in den Schlüsseldateien des Kurses, oder PEM. Zeilenumbrüche stören nicht.",
    import_text: "Privater Schlüssel",
    import_file: "oder eine Schlüsseldatei",
    import_action: "Importieren",
    import_file_large: "Diese Datei ist zu groß für eine Schlüsseldatei.",
    import_file_unreadable: "Der Browser konnte diese Datei nicht lesen.",
    export: "Exportieren",
    export_title: "Privaten Schlüssel exportieren",
    export_warning: "Wer den privaten Schlüssel hat, hat das Geld. Nur zeigen, wo niemand über die Schulter sieht, und aufbewahren, wo ihn niemand findet.",
    export_show: "Privaten Schlüssel zeigen",
    export_save: "Als Datei speichern",
    private_key: "Privater Schlüssel",
    remove: "Entfernen",
    remove_title: "Diesen Schlüssel entfernen?",
    remove_warning: |address, amount| {
        format!(
            "Der Schlüssel von {address} wird endgültig aus diesem Browser gelöscht. Ohne Kopie sind seine {amount} FED für alle verloren."
        )
    },
    remove_understood: "Ich habe eine Kopie des privaten Schlüssels oder brauche ihn nicht mehr.",
    remove_action: "Endgültig entfernen",
    key: "Benutzter Schlüssel",
    spendable: "jetzt verfügbar",
    confirmed: "Bestätigt",
    pending_in: "Eingehend",
    pending_out: "Ausgehend",
    immature: "Unreife Belohnungen",
    address: "Deine Adresse",
    public_key: "Öffentlicher Schlüssel (Hex)",
    public_key_hint: "Für Programme, die Empfänger mit dem Schlüssel benennen, wie das des Kurses.",
    manage: "Schlüssel",
    history: "Verlauf",
    history_none: "Noch nichts erhalten oder gezahlt. Ein geschürfter Block bringt Geld, oder jemand zahlt an deine Adresse.",
    mined: "Mining-Belohnung",
    received: |from| format!("Erhalten von {from}"),
    paid: |to| format!("Gezahlt an {to}"),
    to_self: "An dich selbst gezahlt",
    problem_unknown: "Hier gibt es keinen Schlüssel dieser Adresse.",
    problem_full: |n| format!("Ein Wallet fasst höchstens {n} Schlüssel."),
    problem_storage: |why| format!("Der Browser konnte den Schlüssel nicht speichern; nichts hat sich geändert: {why}"),
};

const SEND: SendTexts = SendTexts {
    title: "Zahlen",
    recipient: "Empfänger",
    recipient_hint: "fed1… oder öffentlicher Schlüssel",
    amount: "Betrag in FED",
    fee: "Gebühr in FED",
    action: "Prüfen und zahlen",
    confirm_title: "Das zahlen?",
    confirm: |amount, recipient| format!("{amount} FED an {recipient}"),
    confirm_fee: |fee, total| format!("Gebühr {fee} FED, zusammen {total} FED"),
    confirm_rest: |rest| format!("{rest} FED sind danach verfügbar"),
    to_yourself: "Der Empfänger bist du selbst.",
    final_warning: "Eine Zahlung lässt sich nicht zurücknehmen.",
    confirm_action: "Zahlen",
    sending: "Wird unterschrieben und gesendet …",
    payments: "Aus diesem Tab gesendet",
    no_key: "Bitte zuerst einen Schlüssel anlegen oder importieren.",
    amount_zero: "Der Betrag muss über null liegen.",
    not_enough: |needed, spendable| {
        format!("{needed} FED sind mit der Gebühr nötig, {spendable} FED sind jetzt verfügbar.")
    },
    refused: |why| format!("Der Knoten hat die Zahlung nicht angenommen: {why}"),
    too_many_coins: |needed, reach| {
        format!(
            "{needed} FED sind mit der Gebühr nötig, aber eine Zahlung reicht bei so kleinen Münzen nur für {reach} FED: bitte in Teilen zahlen."
        )
    },
    out_of_range: |max| format!("Betrag und Gebühr ergeben zusammen mehr als {max} FED."),
    conflict: "eine andere wartende Zahlung gibt dieselben Münzen aus",
    missing_inputs: "ihre Münzen sind schon ausgegeben",
    too_many_ancestors: "sie baut auf zu vielen Zahlungen auf, die selbst noch warten; bitte einen Block abwarten",
    fee_too_low: |min| format!("die Gebühr muss im Augenblick mindestens {min} FED betragen"),
    pool_full: "zu viele Zahlungen warten; eine höhere Gebühr hilft oder Warten",
};

const MINING: MiningTexts = MiningTexts {
    title: "Mining",
    cost: "Mining verbraucht Strom, erwärmt das Gerät, lässt Lüfter laufen und leert Akkus, ob es einen Block findet oder nicht. Es ist aus, bis du es startest.",
    start: "Mining starten",
    pause: "Pause",
    make_key: "Schlüssel im Wallet anlegen",
    needs_key: "Mining braucht einen Schlüssel, der die Belohnung bekommt.",
    choices: "Wie geschürft wird",
    threads: "Threads",
    threads_of: |n| format!("von {n}"),
    share: "Anteil je Kern, %",
    share_hint: "Jeder Thread beschäftigt einen Prozessorkern. Bei 50\u{a0}% rechnet er die Hälfte der Zeit und ruht die andere: etwa halb so viele Hashes, halb so viel Strom und halb so viel Wärme.",
    policy: "Wann",
    on_demand: "Bei Bedarf: nur solange eine Zahlung wartet",
    always: "Immer: auch leere Blöcke, wo das Netz sie erlaubt",
    rules: "Akku",
    rest_on_battery: "Pausieren, solange das Gerät im Akkubetrieb läuft",
    battery_unknown: "(Dieser Browser verrät das nicht: Der Schalter bewirkt hier nichts.)",
    battery_in_use: "(Das tut es gerade.)",
    battery_charging: "(Das tut es gerade nicht.)",
    hidden: "Solange der Tab verdeckt ist",
    hidden_go_on: "Weiter schürfen",
    hidden_rest_later: "Nach 10 Minuten anhalten",
    hidden_rest_at_once: "Sofort anhalten",
    resting_measuring: "Pausiert: die Geschwindigkeit des Geräts wird gemessen",
    resting_on_battery: "Pausiert: das Gerät läuft im Akkubetrieb",
    resting_hidden: "Pausiert: der Tab ist verdeckt",
    off: "Aus",
    syncing: "Wartet, bis der Knoten auf dem neuesten Stand ist: auf einem alten Block wäre die Arbeit vergeudet",
    checking: |id| format!("Pausiert: ein besserer Block {id} wurde angekündigt und wird geprüft"),
    nothing: "Wartet: keine Zahlung ist da",
    nothing_always: "Wartet: dieses Netz verbietet so leere Blöcke",
    mining: |height, payments, reward| format!("Sucht Block {height} mit: {payments}, Belohnung {reward} FED"),
    rate: "Hashrate",
    rate_chart: |seconds, max| format!("Hashrate der letzten {seconds} Sekunden, höchstens {max}"),
    found: "Gefundene Blöcke",
    hashes: "Hashes bisher",
    preemption: "Hält für neue Blöcke an in",
    preemption_value: |p50, p99| format!("{p50}\u{a0}ms, 99\u{a0}% in {p99}\u{a0}ms"),
    shared_flag: "(über gemeinsamen Speicher)",
    no_shared_flag: "(nur durch Nachrichten)",
    stale: "Veraltete Hashes",
    measurement: "Was dieses Gerät kann",
    measurement_hint: "Lässt einen Worker mit jedem Kernel, dem Code, der die Hashes berechnet, einige Sekunden rechnen und hält ihn dann 60-mal an. Das Mining ruht solange. Andere Programme, die arbeiten, verschlechtern die Werte.",
    measure: "Messen",
    measuring_start: "Ein Worker startet …",
    measuring_kernel: |kernel| format!("Der Kernel {kernel} wird gemessen …"),
    measuring_pauses: "Gemessen wird, wie schnell der Worker anhält …",
    measurement_failed: "Der Worker hat nicht geantwortet: bitte die Seite neu laden.",
    this_machine: "Dieses Gerät",
    kernel: |name| format!("Kernel {name}, ein Worker"),
    stops_in: "Hält an in",
    native: "Zum Vergleich: das native Programm, ein Thread, mit den SHA-256-Befehlen des Prozessors",
    worker: |n| format!("Worker {n}"),
    workers: "Worker",
    starting: "startet",
    idle: "wartet",
    searching: "sucht",
    silent: "stumm, wird ersetzt",
    restarts: |n| format!("{n}-mal neu gestartet"),
};

const LOG: LogTexts = LogTexts {
    title: "Ereignisse",
    none: "Noch ist nichts geschehen.",
    tip: |height, id| format!("Block {height} ist die neue Spitze: {id}"),
    tips: |n, height, id| format!("{n} Blöcke angefügt, die Spitze ist nun Block {height}: {id}"),
    mined: |height, reward, payments| format!("Du hast Block {height} geschürft ({payments}): {reward} FED"),
    side: |height, id| format!("Block {height} auf einer Nebenkette: {id}"),
    block_rejected: |id, why| format!("Block {id} verletzt eine Regel: {why}"),
    payment: |id| format!("Zahlung {id} wartet auf einen Block"),
    payment_here: |id| format!("Deine Zahlung {id} wurde angekündigt"),
    payment_returned: |id| format!("Zahlung {id} wartet wieder"),
    payment_dropped: |id, why| format!("Zahlung {id} kam in keinen Block und wartet nicht mehr: {why}"),
    payment_refused: |id, why| format!("Zahlung {id} wurde nicht angenommen: {why}"),
    block_refused: |id, why| format!("Block {id} wurde nicht gespeichert: {why}"),
    peer_ready: |address, height| format!("Verbunden mit {address}, dessen Höhe ist {height}"),
    peer_gone: |why| if why.is_empty() { "Ein Peer ist fort".into() } else { format!("Ein Peer ist fort: {why}") },
    dial_failed: |address, why, seconds| {
        format!("{address} antwortet nicht ({why}); nächster Versuch in {seconds}\u{a0}s")
    },
    own_address: |address| format!("{address} ist dieser Knoten selbst und zählt nicht als Nachbar"),
    sync_waiting: "Kein Peer: wartet auf einen",
    sync_headers: |height| format!("Lernt Blockköpfe kennen: {height}"),
    sync_blocks: |height, target| format!("Prüft Blöcke: {height} von {target}"),
    sync_done: "Auf dem neuesten Stand",
    storage_corrupt: |what| format!("Die gespeicherte Kette ist beschädigt: {what}"),
    miner_replaced: |n| format!("Mining-Worker {n} antwortete nicht und wurde ersetzt"),
    woke_up: |seconds| format!("Der Tab schlief {seconds}\u{a0}s; verbindet neu"),
    verifier_fell_back: |why| {
        format!("Die Signaturprüfung des Browsers versagte ({why}); der Knoten nimmt seine eigene")
    },
    socket_dropped: |address, why| format!("Verbindung zu {address} geschlossen: {why}"),
    node_ready: |slot| format!("Der Knoten läuft auf Platz {slot}"),
    node_failed: |why| format!("Der Knoten läuft nicht: {why}"),
};

const INPUT: InputTexts = InputTexts {
    amount_not_a_number: |text| format!("„{text}“ ist kein Betrag: bitte eine Zahl von FED wie 2 oder 0,5"),
    amount_too_precise: |text| {
        format!("„{text}“ hat mehr als 8 Nachkommastellen; der kleinste Betrag ist 0,00000001 FED")
    },
    amount_too_large: |text, max| format!("„{text}“ liegt über dem größten Betrag, {max} FED"),
    address_misspelt: |text| format!("„{text}“ ist keine Adresse: verschrieben oder unvollständig"),
    address_wrong_prefix: |got| format!("Diese Adresse beginnt mit {got}1; Adressen hier beginnen mit fed1"),
    address_wrong_length: |got| format!("Eine Adresse enthält 20 Byte, dieser Text {got}"),
    key_not_hex: "Dieser Schlüssel ist kein Hex: nur die Ziffern 0-9 und a-f, paarweise",
    key_not_private: "Das ist kein privater P-256-Schlüssel oder nur ein Teil davon; in Hex beginnt ein solcher mit 3081870201003013",
    key_not_public: "Das ist kein öffentlicher P-256-Schlüssel in SPKI DER; ein solcher beginnt mit 3059301306072a8648ce3d0201",
    key_private_instead_of_public: "Das ist ein privater Schlüssel. Hier ist ein öffentlicher gefragt: den privaten bitte für sich behalten",
    key_public_instead_of_private: "Das ist ein öffentlicher Schlüssel: hier ist der private gefragt",
    key_encrypted: "Dieser Schlüssel ist verschlüsselt: entschlüssle ihn zuerst, etwa mit „openssl pkey -in DATEI“",
    key_other_kind: |kind| format!("Das ist kein P-256-Schlüssel, sondern PEM von „{kind}“"),
};
