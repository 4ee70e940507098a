texts! {
    /// The first minute.
    MinuteTexts
    title: "Your first minute", "Deine erste Minute";
    step_done: "(done)", "(erledigt)";
    key: "Make a key", "Erzeuge einen Schlüssel";
    key_hint:
        "With it you receive, send and mine. Only this browser has it.",
        "Damit empfängst, sendest und minst du. Nur dieser Browser hat ihn.";
    mine: "Mine a block", "Mine einen Block";
    mine_hint:
        "The block pays you new money. Mining uses electricity and warms the device.",
        "Der Block bringt dir neues Geld. Mining verbraucht Strom und erwärmt das Gerät.";
    mine_running: "The node is looking for a block …", "Der Knoten sucht einen Block …";
    mine_waiting:
        "Mining is on and waits. The view Mining says what for.",
        "Mining ist an und wartet. Die Ansicht Mining sagt, worauf.";
    no_payment:
        "No payment is waiting to be mined. This network allows empty blocks too, with the same reward.",
        "Keine Zahlung wartet auf einen Block. Dieses Netz erlaubt auch leere Blöcke, mit derselben Belohnung.";
    no_payment_forbidden:
        "No payment is waiting to be mined, and this network forbids empty blocks. Mining goes on when somebody sends a payment.",
        "Keine Zahlung wartet auf einen Block, und dieses Netz verbietet leere Blöcke. Sobald jemand etwas sendet, geht es weiter.";
    mine_empty: "Mine empty blocks too", "Auch leere Blöcke minen";
    pay: "Send a payment", "Sende eine Zahlung";
    pay_hint:
        "Send some money to somebody, or to your own address.",
        "Sende jemandem etwas Geld, oder deiner eigenen Adresse.";
    pay_maturing:
        "Your mining reward is maturing. The history says when you can send it.",
        "Deine Mining-Belohnung reift noch. Der Verlauf sagt, wann du sie senden kannst.";
    pay_no_money:
        "For this you need money: mine a block, or give somebody your address.",
        "Dafür brauchst du Geld: Mine einen Block, oder gib jemandem deine Adresse.";
    open_wallet: "Open the wallet", "Wallet öffnen";
    keys(n): "1 key" | "{n} keys", "1 Schlüssel" | "{n} Schlüsseln";
    other_tab(slot, keys):
        "Another tab of this browser has your wallet with {keys} (slot {slot}). This tab is a second node with its own wallet, which is empty. Go on in the other tab, use that wallet here, or make a key here to send money from one tab to the other.",
        "Ein anderer Tab dieses Browsers hat deine Wallet mit {keys} (Speicherplatz {slot}). Dieser Tab ist ein zweiter Knoten mit eigener, leerer Wallet. Mach im anderen Tab weiter, hol die Wallet hierher, oder erzeuge hier einen Schlüssel, um Geld von Tab zu Tab zu senden.";
    take_wallet: "Use that wallet here", "Wallet hierher holen";
    done:
        "That’s all: you have a key, mined a block and sent a payment.",
        "Das war’s: Du hast einen Schlüssel, einen Block gemint und eine Zahlung gesendet.";
}
