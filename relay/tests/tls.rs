//! TLS over real sockets: a node that serves it, nodes that dial it, and renewed certificates.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::node::{Node, free_port, run, stdout_of};
use common::{keys, until};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::net::TcpStream;
use std::path::Path;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConnection, StreamOwned};

/// A certificate authority for the test.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// Writes a certificate for `localhost` and its key; returns the certificate.
    fn certify(&self, dir: &Path) -> CertificateDer<'static> {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let pem = params.signed_by(&key, &self.issuer).unwrap().pem();
        keys::file(dir, "key.pem", &key.serialize_pem());
        keys::file(dir, "cert.pem", &pem);
        CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
    }
}

/// The certificate shown to a new connection, verified against the authority.
fn shown(port: u16, ca: &Path) -> CertificateDer<'static> {
    let config = fedcoin_relay::tls::client(Some(ca)).unwrap();
    let mut connection = ClientConnection::new(config, ServerName::try_from("localhost").unwrap()).unwrap();
    let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    while connection.is_handshaking() {
        connection.complete_io(&mut socket).unwrap();
    }
    let certificate = connection.peer_certificates().unwrap()[0].clone().into_owned();
    drop(StreamOwned::new(connection, socket));
    certificate
}

#[test]
fn peers_connect_over_tls_and_certificates_are_renewed() {
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [first_dir, second_dir, third_dir] = dirs.each_ref().map(|dir| dir.path());
    let authority = Authority::new();
    let ca = keys::file(first_dir, "ca.pem", &authority.pem);
    let certificate = authority.certify(first_dir);
    let port = free_port();
    let advertised = format!("localhost:{port}");
    let server =
        Node::start(first_dir, port, &["--tls-cert", "cert.pem", "--tls-key", "key.pem", "--advertise", &advertised]);
    assert_eq!(shown(port, &ca), certificate);

    let wss = format!("wss://localhost:{port}/ws");
    let trusting = Node::start(second_dir, free_port(), &["-n", &wss, "--tls-ca", ca.to_str().unwrap()]);
    until("a peer over TLS", || trusting.get("/status")["peers"] == 1);
    let stranger = Node::start(third_dir, free_port(), &["-n", &wss]);
    stranger.wait_for_log("invalid peer certificate");
    assert_eq!(stranger.get("/status")["peers"], 0);
    drop(stranger);
    // The dialling node passes on the address of the node that serves TLS.
    let third = Node::start(third_dir, free_port(), &["-n", &trusting.address(), "--tls-ca", ca.to_str().unwrap()]);
    third.wait_for_log(&format!("connected: {wss}"));

    let at = server.log().len();
    keys::file(first_dir, "cert.pem", "rubbish");
    server.signal("-HUP");
    server.wait_for_log_after(at, "the old TLS certificate stays in use");
    assert_eq!(shown(port, &ca), certificate);
    let renewed = authority.certify(first_dir);
    server.signal("-HUP");
    server.wait_for_log_after(at, "new TLS certificate in use");
    assert_eq!(shown(port, &ca), renewed);
    assert!(trusting.get("/status")["peers"].as_u64() >= Some(1), "connections stay open");
}

#[test]
fn clients_use_https() {
    let dir = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    keys::file(dir.path(), "ca.pem", &authority.pem);
    keys::file(dir.path(), "gen.key", keys::GENESIS);
    keys::file(dir.path(), "a.key", keys::A);
    authority.certify(dir.path());
    let port = free_port();
    let _node = Node::start(dir.path(), port, &["--tls-cert", "cert.pem", "--tls-key", "key.pem"]);
    let fedcoin = |line: &str| run(dir.path(), line.replace("NODE", &format!("https://localhost:{port}")).split(' '));
    let balance = "wallet balance --key gen.key --node NODE";
    let trusting = fedcoin(&format!("{balance} --tls-ca ca.pem"));
    assert!(stdout_of(&trusting).contains("confirmed   50 FED"));
    let stranger = fedcoin(balance);
    let error = String::from_utf8_lossy(&stranger.stderr).into_owned();
    assert!(!stranger.status.success() && error.contains("invalid peer certificate"), "{error}");
    let traffic = "traffic --key gen.key a.key --node NODE --tls-ca ca.pem --pause 0 --wait 0 --count 1";
    assert!(stdout_of(&fedcoin(traffic)).contains("1 payments sent"));
    // An export by data directory needs no certificate authority.
    let export = fedcoin("chain export - --network classroom --data-dir data");
    assert!(export.status.success() && export.stdout.starts_with(b"FEDCHAIN"), "{export:?}");
}

#[test]
fn missing_and_superfluous_tls_are_reported() {
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [private_dir, plain_dir] = dirs.each_ref().map(|dir| dir.path());
    Authority::new().certify(private_dir);
    let private = Node::start(private_dir, free_port(), &["--tls-cert", "cert.pem", "--tls-key", "key.pem"]);
    let plain = Node::start(plain_dir, free_port(), &["-n", &private.address()]);
    plain.wait_for_log("the node seems to use TLS: write https://HOST:PORT, for a peer wss://HOST:PORT/ws");
    for (node, words) in [
        (private.address(), "the node seems to use TLS"),
        (format!("https://localhost:{}", plain.port), "the node does not use TLS: write HOST:PORT"),
    ] {
        let output = run(plain_dir, ["wallet", "balance", keys::PUBLIC_A, "--node", &node]);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && error.contains(words), "{error}");
    }
    drop(plain);
    let other = tempfile::tempdir().unwrap();
    let first = Node::start(plain_dir, free_port(), &[]);
    let second = Node::start(other.path(), free_port(), &["-n", &format!("https://localhost:{}", first.port)]);
    second.wait_for_log("the node does not use TLS");
}
