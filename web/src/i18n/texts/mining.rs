texts! {
    /// Mining.
    MiningTexts
    title: "Mining", "Mining";
    cost:
        "Mining uses electricity, warms the machine, makes fans run and drains batteries, whether it finds a block or not. It is off until you start it.",
        "Mining verbraucht Strom, erwärmt das Gerät, lässt Lüfter laufen und leert Akkus, ob es einen Block findet oder nicht. Es ist aus, bis du es startest.";
    start: "Start mining", "Mining starten";
    pause: "Pause", "Pause";
    make_key: "Make a key in the wallet", "Schlüssel im Wallet anlegen";
    needs_key: "Mining needs a key that gets the reward.", "Mining braucht einen Schlüssel, der die Belohnung bekommt.";
    choices: "How to mine", "Wie du schürfst";
    threads: "Threads", "Threads";
    threads_of(n): "of {n}", "von {n}";
    share: "Share of a core, %", "Anteil eines Kerns, %";
    share_hint:
        "Each thread keeps one processor core busy. With 50\u{a0}% of a core it computes half of the time and rests the other half: about half the hashes, half the electricity and half the heat.",
        "Jeder Thread beschäftigt einen Prozessorkern. Bei 50\u{a0}% rechnet er die halbe Zeit und ruht die andere Hälfte: etwa halb so viele Hashes, halb so viel Strom und halb so viel Wärme.";
    policy: "When", "Wann";
    on_demand: "On demand: only while a payment waits", "Bei Bedarf: nur solange eine Zahlung wartet";
    always:
        "Always: empty blocks too, where the network allows them",
        "Immer: auch leere Blöcke, wo das Netz sie erlaubt";
    rules: "Battery", "Akku";
    rest_on_battery: "Pause while the device runs on its battery", "Pausieren, solange das Gerät im Akkubetrieb läuft";
    battery_unknown:
        "(This browser does not tell whether it does: the switch has no effect here.)",
        "(Dieser Browser verrät das nicht: Der Schalter bewirkt hier nichts.)";
    battery_in_use: "(It does now.)", "(Das tut es gerade.)";
    battery_charging: "(It does not now.)", "(Das tut es gerade nicht.)";
    hidden: "While the tab is hidden", "Solange der Tab im Hintergrund ist";
    hidden_go_on: "Go on mining", "Weiter schürfen";
    hidden_rest_later: "Stop after 10 minutes", "Nach 10 Minuten anhalten";
    hidden_rest_at_once: "Stop at once", "Sofort anhalten";
    resting_measuring:
        "Paused: the machine's speed is being measured",
        "Pausiert: Der Knoten misst, wie schnell das Gerät ist";
    resting_on_battery: "Paused: on battery", "Pausiert: Das Gerät läuft im Akkubetrieb";
    resting_hidden: "Paused: the tab is hidden", "Pausiert: Der Tab ist im Hintergrund";
    off: "Off", "Aus";
    syncing:
        "Waits until the node is up to date: mining on an old block would be wasted",
        "Wartet, bis der Knoten auf dem neuesten Stand ist: Auf einem alten Block wäre die Arbeit umsonst";
    checking(id): "Paused: checking a better block {id}", "Pausiert: Der Knoten prüft einen besseren Block {id}";
    nothing: "Waiting for a payment to mine", "Wartet auf eine Zahlung";
    nothing_always: "Waiting: this network forbids so empty a block", "Wartet: Dieses Netz verbietet so leere Blöcke";
    mining(height, payments, reward):
        "Searching block {height} with {payments}, reward {reward} FED",
        "Sucht Block {height}: {payments}, Belohnung {reward} FED";
    rate: "Hash rate", "Hashrate";
    rate_chart(seconds, max):
        "Hash rate over the last {seconds} seconds, at most {max}",
        "Hashrate der letzten {seconds} Sekunden, höchstens {max}";
    found: "Blocks found", "Gefundene Blöcke";
    hashes: "Hashes so far", "Hashes bisher";
    preemption: "Stops for a new block in", "Hält für neue Blöcke an in";
    preemption_value(p50, p99):
        "{p50}\u{a0}ms, 99\u{a0}% within {p99}\u{a0}ms",
        "{p50}\u{a0}ms, 99\u{a0}% in {p99}\u{a0}ms";
    shared_flag: "(told by shared memory)", "(über gemeinsamen Speicher)";
    no_shared_flag: "(told by messages only)", "(nur durch Nachrichten)";
    stale: "Stale hashes", "Veraltete Hashes";
    measurement: "What this machine can do", "Was dieses Gerät kann";
    measurement_hint:
        "Runs one worker with each kernel, the code that computes the hashes, for a few seconds, and then stops it 60 times. Mining rests meanwhile. Other running programs make the figures worse.",
        "Lässt einen Worker mit jedem Kernel, dem Code, der die Hashes berechnet, einige Sekunden rechnen und hält ihn dann 60-mal an. Das Mining ruht so lange. Andere laufende Programme verschlechtern die Werte.";
    measure: "Measure", "Messen";
    measuring_start: "Starting a worker …", "Startet einen Worker …";
    measuring_kernel(kernel): "Measuring the kernel {kernel} …", "Misst den Kernel {kernel} …";
    measuring_pauses: "Measuring how fast the worker stops …", "Misst, wie schnell der Worker anhält …";
    measurement_failed:
        "The worker did not answer. Reload the page.",
        "Der Worker hat nicht geantwortet. Lade die Seite neu.";
    this_machine: "This machine", "Dieses Gerät";
    kernel(name): "Kernel {name}, one worker", "Kernel {name}, ein Worker";
    stops_in: "Stops in", "Hält an in";
    native:
        "For comparison: the native program, one thread, with the processor's own SHA-256 instructions",
        "Zum Vergleich: das native Programm, ein Thread, mit den SHA-256-Befehlen des Prozessors";
    worker(n): "Worker {n}", "Worker {n}";
    workers: "Workers", "Worker";
    starting: "starting", "startet";
    idle: "waiting", "wartet";
    searching: "searching", "sucht";
    silent: "not answering, being replaced", "antwortet nicht, wird ersetzt";
    restarts(n): "restarted {n} times", "{n}-mal neu gestartet";
}
