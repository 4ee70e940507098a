texts! {
    /// Payment requests and QR codes.
    ReceiveTexts
    action: "QR code", "QR-Code";
    title: "Receive", "Empfangen";
    amount: "Amount in FED (optional)", "Betrag in FED (optional)";
    page_link: "Link to this page", "Link auf diese Seite";
    page_link_hint: "Opens this page with the payment filled in.", "Öffnet diese Seite mit ausgefüllter Zahlung.";
    link: "For wallets", "Für Wallets";
    qr_code(text): "QR code of {text}", "QR-Code von {text}";
    scan: "Scan QR code", "QR-Code scannen";
    scan_title: "Scan QR code", "QR-Code scannen";
    scan_hint:
        "Hold the code in front of the camera, or choose a picture of it. The picture stays in this browser.",
        "Halte den Code vor die Kamera oder wähle ein Bild davon. Das Bild bleibt in diesem Browser.";
    scan_no_camera:
        "This page can’t use a camera. Choose a picture.",
        "Diese Seite kann keine Kamera benutzen. Wähle ein Bild.";
    scan_image: "Picture", "Bild";
    scan_nothing: "No QR code found in this picture.", "In diesem Bild ist kein QR-Code zu finden.";
    scan_other:
        "This QR code contains neither a payment request nor an address.",
        "Dieser QR-Code enthält weder eine Zahlungsaufforderung noch eine Adresse.";
}
