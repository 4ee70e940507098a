texts! {
    /// Payment requests and QR codes.
    ReceiveTexts
    action: "QR code", "QR-Code";
    title: "Receive", "Empfangen";
    amount: "Amount in FED (optional)", "Betrag in FED (kann leer bleiben)";
    link: "Payment request", "Zahlungsaufforderung";
    qr_code(text): "QR code of {text}", "QR-Code von {text}";
    scan: "Scan a QR code", "QR-Code scannen";
    scan_title: "Scan a QR code", "QR-Code scannen";
    scan_hint:
        "Hold the code in front of the camera, or choose a picture of it. The picture stays in this browser.",
        "Halte den Code vor die Kamera oder wähle ein Bild davon. Das Bild bleibt in diesem Browser.";
    scan_no_camera:
        "There is no camera that this page may use. Choose a picture.",
        "Es gibt keine Kamera, die diese Seite benutzen darf. Wähle ein Bild.";
    scan_image: "Picture", "Bild";
    scan_nothing: "There is no QR code in this picture.", "In diesem Bild ist kein QR-Code.";
    scan_other:
        "This QR code holds no payment request and no address.",
        "Dieser QR-Code enthält weder eine Zahlungsaufforderung noch eine Adresse.";
}
