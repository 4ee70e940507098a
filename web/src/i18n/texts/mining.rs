texts! {
    /// Mining.
    MiningTexts
    title: "Mining", "Mining";
    cost:
        "Mining uses electricity, heats the device, makes its fans run and drains its battery, whether it finds a block or not. It’s off until you start it.",
        "Mining verbraucht Strom, erwärmt das Gerät, lässt seine Lüfter laufen und leert seinen Akku, ob es einen Block findet oder nicht. Es ist aus, bis du es startest.";
    start: "Start mining", "Mining starten";
    pause: "Pause", "Pause";
    make_key: "Make a key in the wallet", "Schlüssel in der Wallet erzeugen";
    needs_key: "Mining needs a key for the reward.", "Mining braucht einen Schlüssel für die Belohnung.";
    choices: "Settings", "Einstellungen";
    threads: "Threads", "Threads";
    threads_of(n): "of {n}", "von {n}";
    share: "Share of a core, %", "Anteil eines Kerns, %";
    share_hint:
        "Each thread uses one processor core. At 50\u{a0}% it works half of the time and rests the other half: about half the hashes, half the electricity and half the heat.",
        "Jeder Thread nutzt einen Prozessorkern. Bei 50\u{a0}% rechnet er die halbe Zeit und ruht die andere Hälfte: etwa halb so viele Hashes, halb so viel Strom und halb so viel Wärme.";
    policy: "When to mine", "Wann minen";
    on_demand: "On demand: only while a payment is waiting", "Bei Bedarf: nur solange eine Zahlung wartet";
    always:
        "Always: empty blocks too, where the network allows them",
        "Immer: auch leere Blöcke, wo das Netz sie erlaubt";
    rules: "Battery", "Akku";
    rest_on_battery: "Pause while the device runs on battery", "Pausieren, solange das Gerät im Akkubetrieb läuft";
    battery_unknown:
        "(This browser doesn’t say whether it does, so this setting has no effect here.)",
        "(Dieser Browser verrät das nicht, darum hat diese Einstellung hier keine Wirkung.)";
    battery_in_use: "(It does now.)", "(Das tut es gerade.)";
    battery_charging: "(It doesn’t now.)", "(Das tut es gerade nicht.)";
    hidden: "While the tab is in the background", "Solange der Tab im Hintergrund ist";
    hidden_go_on: "Keep mining", "Weiter minen";
    hidden_rest_later: "Pause after 10 minutes", "Nach 10 Minuten pausieren";
    hidden_rest_at_once: "Pause at once", "Sofort pausieren";
    resting_measuring: "Paused: measuring this device", "Pausiert: Dieses Gerät wird gemessen";
    resting_on_battery: "Paused: on battery", "Pausiert: im Akkubetrieb";
    resting_hidden: "Paused: the tab is in the background", "Pausiert: Der Tab ist im Hintergrund";
    off: "Off", "Aus";
    syncing:
        "Waiting until the node is up to date: work on an old block would be wasted",
        "Wartet, bis der Knoten aktuell ist: Arbeit auf einem alten Block wäre umsonst";
    checking(id): "Paused: checking a better block {id}", "Pausiert: Der Knoten prüft einen besseren Block {id}";
    nothing: "Waiting for a payment to mine", "Wartet auf eine Zahlung";
    nothing_always:
        "Waiting for payments: this network forbids blocks this empty",
        "Wartet auf Zahlungen: Dieses Netz verbietet so leere Blöcke";
    mining(height, payments, reward):
        "Mining block {height} with {payments}, reward {reward} FED",
        "Mint Block {height}: {payments}, Belohnung {reward} FED";
    rate: "Hash rate", "Hashrate";
    rate_chart(seconds, max):
        "Hash rate over the last {seconds} seconds, at most {max}",
        "Hashrate der letzten {seconds} Sekunden, höchstens {max}";
    found: "Blocks found", "Gefundene Blöcke";
    next: "Your next block", "Dein nächster Block";
    next_in(time): "in about {time}", "in etwa {time}";
    details: "Details", "Einzelheiten";
    hashes: "Hashes so far", "Hashes bisher";
    preemption: "Stops for a new block within", "Hält für einen neuen Block an in";
    preemption_value(p50, p99):
        "{p50}\u{a0}ms, 99\u{a0}% within {p99}\u{a0}ms",
        "{p50}\u{a0}ms, 99\u{a0}% in {p99}\u{a0}ms";
    shared_flag: "(through shared memory)", "(über gemeinsamen Speicher)";
    no_shared_flag: "(through messages)", "(über Nachrichten)";
    stale: "Stale hashes", "Veraltete Hashes";
    measurement: "What this device can do", "Was dieses Gerät kann";
    measurement_hint:
        "Runs one worker with each kernel, the code that computes the hashes, for a few seconds, then stops it 60 times. Mining pauses meanwhile. Other running programs lower the figures.",
        "Lässt einen Worker mit jedem Kernel, dem Code für die Hashes, einige Sekunden rechnen und hält ihn dann 60-mal an. Mining pausiert so lange. Andere laufende Programme verschlechtern die Werte.";
    measure: "Measure", "Messen";
    measuring_start: "Starting a worker …", "Startet einen Worker …";
    measuring_kernel(kernel): "Measuring kernel {kernel} …", "Misst Kernel {kernel} …";
    measuring_pauses: "Measuring how fast the worker stops …", "Misst, wie schnell der Worker anhält …";
    measurement_failed:
        "The worker didn’t answer. Reload the page.",
        "Der Worker hat nicht geantwortet. Lade die Seite neu.";
    this_machine: "This device", "Dieses Gerät";
    kernel(name): "Kernel {name}, one worker", "Kernel {name}, ein Worker";
    stops_in: "Stops within", "Hält an in";
    native:
        "For comparison: the native program, one thread, with the processor’s own SHA-256 instructions",
        "Zum Vergleich: das native Programm, ein Thread, mit den SHA-256-Befehlen des Prozessors";
    worker(n): "Worker {n}", "Worker {n}";
    workers: "Workers", "Worker";
    starting: "starting", "startet";
    idle: "waiting", "wartet";
    searching: "mining", "mint";
    silent: "not answering, being replaced", "antwortet nicht, wird ersetzt";
    blocked:
        "doesn’t load: a content blocker, antivirus program or proxy may block kernel-worker.js; allow it for this page",
        "lädt nicht: Vielleicht sperrt ein Werbeblocker, Virenscanner oder Proxy kernel-worker.js; erlaube es für diese Seite";
    restarts(n): "restarted once" | "restarted {n} times", "einmal neu gestartet" | "{n}-mal neu gestartet";
}
