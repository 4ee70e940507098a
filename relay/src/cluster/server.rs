use async_nats::ServerAddr;
use percent_encoding::percent_decode_str;
use std::fmt;
use std::str::FromStr;

/// The address of a NATS server, and an optional login. Neither `Display` nor `Debug` shows the login.
#[derive(Clone, PartialEq, Eq)]
pub struct ClusterServer {
    address: ServerAddr,
    login: Option<Login>,
}

/// The credentials of a login.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Login {
    Token(String),
    Password { user: String, password: String },
}

/// A text is not a NATS server. The message does not repeat the text, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a NATS server: write nats://HOST:PORT or tls://HOST:PORT, with a login nats://USER:PASSWORD@HOST:PORT or nats://TOKEN@HOST:PORT"
)]
pub struct ClusterServerError;

impl ClusterServer {
    /// The address, without a login.
    pub(super) fn address(&self) -> ServerAddr {
        self.address.clone()
    }
}

/// Two servers have different logins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("--cluster: all servers must have the same login; write it with one of them")]
pub struct LoginConflict;

/// The common login of all servers, if any.
///
/// # Errors
/// [`LoginConflict`].
pub(super) fn common_login(servers: &[ClusterServer]) -> Result<Option<Login>, LoginConflict> {
    let mut logins = servers.iter().filter_map(|server| server.login.as_ref());
    let first = logins.next();
    if logins.any(|login| Some(login) != first) {
        return Err(LoginConflict);
    }
    Ok(first.cloned())
}

impl FromStr for ClusterServer {
    type Err = ClusterServerError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !text.starts_with("nats://") && !text.starts_with("tls://") {
            return Err(ClusterServerError);
        }
        let address: ServerAddr = text.parse().map_err(|_| ClusterServerError)?;
        let plain = |text: &str| percent_decode_str(text).decode_utf8().map(Into::into).map_err(|_| ClusterServerError);
        let login = match (address.username(), address.password()) {
            (None, None) => None,
            (Some(token), None) => Some(Login::Token(plain(token)?)),
            (Some(user), Some(password)) => Some(Login::Password { user: plain(user)?, password: plain(password)? }),
            (None, Some(_)) => return Err(ClusterServerError),
        };
        let mut url = address.into_inner();
        if url.host_str().is_none_or(str::is_empty) || !matches!(url.path(), "" | "/") {
            return Err(ClusterServerError);
        }
        url.set_username("").map_err(|()| ClusterServerError)?;
        url.set_password(None).map_err(|()| ClusterServerError)?;
        let address = ServerAddr::from_url(url).map_err(|_| ClusterServerError)?;
        Ok(Self { address, login })
    }
}

impl fmt::Display for ClusterServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.address.host();
        let (open, close) = if host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{}://{open}{host}{close}:{}", self.address.scheme(), self.address.port())
    }
}

impl fmt::Debug for ClusterServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(text: &str) -> ClusterServer {
        text.parse().unwrap()
    }

    #[test]
    fn addresses_have_a_login_or_none() {
        assert!(server("nats://bus").login.is_none());
        assert!(server("nats://t%2Fk@bus").login == Some(Login::Token("t/k".to_owned())));
        let password = Login::Password { user: "me".to_owned(), password: "s@crét".to_owned() };
        assert!(server("tls://me:s%40cr%C3%A9t@[::1]:4333").login == Some(password));
        for wrong in
            ["", "bus", "bus:4222", "http://bus", "ws://bus", "nats://", "nats://:p@bus", "nats://b/x", "nats://b:p:q"]
        {
            assert_eq!(wrong.parse::<ClusterServer>(), Err(ClusterServerError), "{wrong}");
        }
    }

    #[test]
    fn the_login_is_never_shown() {
        let server = server("nats://me:secret@bus");
        assert_eq!(format!("{server} {server:?}"), "nats://bus:4222 nats://bus:4222");
        assert!(!format!("{:?}", server.address()).contains("secret"));
    }

    #[test]
    fn several_servers_share_common_login() {
        let login = |texts: &[&str]| common_login(&texts.iter().map(|text| server(text)).collect::<Vec<_>>());
        assert!(login(&["nats://a"]).is_ok_and(|login| login.is_none()));
        assert!(login(&["nats://a", "nats://t@b", "nats://t@c"]).is_ok_and(|login| login.is_some()));
        assert!(login(&["nats://t@a", "nats://u@b"]).is_err());
    }
}
