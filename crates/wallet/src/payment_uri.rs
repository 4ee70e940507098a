use core::{fmt, str::FromStr};
use fedcoin_primitives::units::{Amount, ParseAmountError};
use fedcoin_primitives::{Address, Recipient, RecipientError};

/// A payment request as a link and in QR codes: `fedcoin:ADDRESS?amount=2.5`, after BIP 21. As a link to a page, which
/// any phone opens, it is `https://RELAY/#/pay/ADDRESS?amount=2.5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentUri {
    /// The address to pay.
    pub recipient: Address,
    /// The requested amount; `None` leaves it to the payer.
    pub amount: Option<Amount>,
}

/// A text is not a payment request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaymentUriError {
    /// The scheme is missing, or another one.
    #[error("not a payment request: it does not begin with `fedcoin:`")]
    Scheme,
    /// The recipient is not an address.
    #[error(transparent)]
    Recipient(#[from] RecipientError),
    /// The amount is invalid.
    #[error(transparent)]
    Amount(#[from] ParseAmountError),
    /// The amount occurs twice.
    #[error("the payment request has two amounts")]
    TwoAmounts,
    /// The request has a mandatory parameter that this version does not know (`req-...`).
    #[error("the payment request requires `{0}`, which this version does not support")]
    Unknown(String),
}

impl PaymentUri {
    /// Reads a payment request in either form, or a bare address or public key.
    ///
    /// # Errors
    /// [`PaymentUriError`], but never [`PaymentUriError::Scheme`].
    pub fn of_text(text: &str) -> Result<Self, PaymentUriError> {
        match (text.parse(), Self::of_link(text)) {
            (Err(PaymentUriError::Scheme), Some(link)) => link,
            (Err(PaymentUriError::Scheme), None) => {
                let Recipient(recipient) = text.parse()?;
                Ok(Self { recipient, amount: None })
            }
            (read, _) => read,
        }
    }

    /// Reads the request in a link to a page, or in its fragment; `None` if there is none. The page does not matter: the
    /// request is read, not opened.
    #[must_use]
    pub fn of_link(link: &str) -> Option<Result<Self, PaymentUriError>> {
        link.trim().split_once(PAY).map(|(_, rest)| Self::of_rest(rest))
    }

    /// The request as a link to a page: its address without a fragment.
    #[must_use]
    pub fn link(&self, page: &str) -> String {
        format!("{page}{PAY}{}", self.rest())
    }

    /// Address and amount, which both forms end with.
    fn rest(&self) -> String {
        match self.amount {
            Some(amount) => format!("{}?amount={amount}", self.recipient),
            None => self.recipient.to_string(),
        }
    }

    fn of_rest(rest: &str) -> Result<Self, PaymentUriError> {
        let rest = rest.split('#').next().unwrap_or_default();
        let (recipient, query) = rest.split_once('?').unwrap_or((rest, ""));
        let Recipient(recipient) = recipient.trim_start_matches('/').parse()?;
        let mut amount = None;
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match name.to_ascii_lowercase().as_str() {
                "amount" if amount.is_some() => return Err(PaymentUriError::TwoAmounts),
                "amount" => amount = Some(value.parse()?),
                // BIP 21: other unknown parameters may be ignored, these may not.
                name if name.starts_with("req-") => {
                    return Err(PaymentUriError::Unknown(name.chars().take(SHOWN).collect()));
                }
                _ => {}
            }
        }
        Ok(Self { recipient, amount })
    }
}

const SCHEME: &str = "fedcoin:";
/// Where a request begins in a link to a page.
const PAY: &str = "#/pay/";
/// Maximum length in characters of an unknown parameter in an error.
const SHOWN: usize = 40;

impl fmt::Display for PaymentUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}", self.rest())
    }
}

impl FromStr for PaymentUri {
    type Err = PaymentUriError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let scheme = text.get(..SCHEME.len()).ok_or(PaymentUriError::Scheme)?;
        if !scheme.eq_ignore_ascii_case(SCHEME) {
            return Err(PaymentUriError::Scheme);
        }
        Self::of_rest(&text[SCHEME.len()..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_as_they_were_written() {
        let recipient = Address([7; 20]);
        for amount in [None, Some("2.5"), Some("0.00000001")] {
            let uri = PaymentUri { recipient, amount: amount.map(|text| text.parse().unwrap()) };
            assert_eq!(uri.to_string().parse(), Ok(uri));
            assert_eq!(uri.to_string().to_uppercase().parse(), Ok(uri), "as in dense QR codes");
        }
        let amount = Some(Amount::from_fed(3));
        assert_eq!(PaymentUri { recipient, amount }.to_string(), format!("fedcoin:{recipient}?amount=3"));
        for text in ["?label=Ann%20B&amount=3&x", "?&amount=3#note", "?Amount=3"] {
            assert_eq!(format!(" fedcoin:{recipient}{text}\n").parse(), Ok(PaymentUri { recipient, amount }), "{text}");
        }
        assert_eq!(format!("fedcoin://{recipient}").parse(), Ok(PaymentUri { recipient, amount: None }));
    }

    #[test]
    fn a_bare_address_is_a_request_without_an_amount() {
        let recipient = Address([7; 20]);
        let bare = Ok(PaymentUri { recipient, amount: None });
        assert_eq!(PaymentUri::of_text(&format!(" {recipient}\n")), bare);
        assert_eq!(PaymentUri::of_text(&format!("fedcoin:{recipient}")), bare);
        for text in ["", "fed1", "fedcoin:fed1"] {
            assert!(matches!(PaymentUri::of_text(text), Err(PaymentUriError::Recipient(_))), "{text}");
        }
    }

    #[test]
    fn a_link_to_a_page_is_a_request() {
        let recipient = Address([7; 20]);
        for amount in [None, Some(Amount::from_fed(3))] {
            let request = PaymentUri { recipient, amount };
            let link = request.link("https://relay.example:8333/coin/");
            assert_eq!(PaymentUri::of_text(&link), Ok(request));
            let (_, fragment) = link.split_once('#').unwrap();
            assert_eq!(PaymentUri::of_link(&format!("#{fragment}")), Some(Ok(request)));
        }
        let link = PaymentUri { recipient, amount: Some(Amount::from_fed(3)) }.link("http://10.0.0.1/");
        assert_eq!(link, format!("http://10.0.0.1/#/pay/{recipient}?amount=3"));
        assert_eq!(PaymentUri::of_link("https://relay.example/#/wallet"), None);
        assert!(matches!(PaymentUri::of_text("https://a/#/pay/nobody"), Err(PaymentUriError::Recipient(_))));
        assert!(matches!(PaymentUri::of_text("https://relay.example/"), Err(PaymentUriError::Recipient(_))));
    }

    #[test]
    fn each_bad_text_gets_its_error() {
        let address = Address([7; 20]);
        let error = |text: &str| text.parse::<PaymentUri>().unwrap_err();
        for text in ["", "fed1", "bitcoin:bc1qqq", "ää:ää:ää", &address.to_string()] {
            assert_eq!(error(text), PaymentUriError::Scheme, "{text}");
        }
        assert!(matches!(error("fedcoin:nobody"), PaymentUriError::Recipient(_)));
        assert!(matches!(error(&format!("fedcoin:{address}?amount=x")), PaymentUriError::Amount(_)));
        assert!(matches!(error(&format!("fedcoin:{address}?amount")), PaymentUriError::Amount(_)));
        assert_eq!(error(&format!("fedcoin:{address}?amount=1&amount=2")), PaymentUriError::TwoAmounts);
        let unknown = PaymentUriError::Unknown("req-lock".into());
        assert_eq!(error(&format!("fedcoin:{address}?req-lock=5")), unknown);
    }
}
