//! The page: files from a folder or from inside the program, with their headers.

mod csp;
mod directory;
#[cfg(feature = "embed")]
mod embedded;
mod kind;

pub use directory::Directory;
#[cfg(feature = "embed")]
pub use embedded::Embedded;

use crate::problem::Problem;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fedcoin_node::primitives::sha256;
use std::sync::LazyLock;

/// A source of the page's files.
pub trait Page: Send + Sync {
    /// The file of this name, such as `index.html`, without a leading slash. Compressed forms have the extensions of
    /// `CODINGS`.
    fn file(&self, name: &str) -> Option<File>;
}

/// A file of the page. Copies share its bytes.
#[derive(Clone, Debug)]
pub struct File {
    bytes: Bytes,
    /// SHA-256 of the bytes.
    digest: [u8; 32],
}

impl File {
    fn new(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let digest = sha256(&[&bytes]);
        Self { bytes, digest }
    }
}

/// Codings of compressed forms, best first, with their extensions. The page's build compresses the files.
const CODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// No page: the program was built without one and no folder is configured.
#[derive(Clone, Copy, Debug)]
pub struct NoPage;

impl Page for NoPage {
    fn file(&self, name: &str) -> Option<File> {
        (name == INDEX).then(|| File::new(NO_PAGE))
    }
}

const INDEX: &str = "index.html";

/// How `index.html` says its build.
const BUILD: &str = "<meta name=\"build\" content=\"";

/// The build of a page: a digest of its files, which the page shows too. `None` without a page.
#[must_use]
pub fn build(page: &dyn Page) -> Option<String> {
    let index = page.file(INDEX)?;
    let (_, rest) = std::str::from_utf8(&index.bytes).ok()?.split_once(BUILD)?;
    rest.split_once('"').map(|(id, _)| id.to_owned()).filter(|id| !id.is_empty())
}

/// The program's version and the build of the page inside it.
#[must_use]
pub fn long_version() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        #[cfg(feature = "embed")]
        let page = build(&Embedded);
        #[cfg(not(feature = "embed"))]
        let page = build(&NoPage);
        let page = page.map_or_else(|| "without a page".to_owned(), |id| format!("page {id}"));
        format!("{} ({page})", env!("CARGO_PKG_VERSION"))
    });
    &TEXT
}

/// What the page may ask the user for: only the camera, to scan QR codes, and not from embedded pages.
const PERMISSIONS: &str = "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), serial=(), bluetooth=()";

const NO_PAGE: &str = "<!doctype html><meta charset=utf-8><title>FEDCoin</title>
<h1>FEDCoin</h1><p>The node runs; see <a href=api/v1/status>its status</a>.
This program was built without the page: start it with <code>--page DIR</code>, or build it by <code>cargo xtask build</code>.
";

/// The answer to a request for `path` with these headers.
///
/// A file with a digest in its name never changes. Browsers must revalidate every other file (`no-cache`), because a
/// page and a worker of different builds do not fit together. Unchanged files are not sent again.
pub fn respond(page: &dyn Page, path: &str, request: &HeaderMap) -> Response {
    let name = path.trim_start_matches('/');
    let name = if name.is_empty() { INDEX } else { name };
    let is_form = CODINGS.iter().any(|(_, ending)| name.ends_with(ending));
    let found = page.file(name).filter(|_| !is_form).map(|file| (name, file));
    // A path without an extension is the page itself. Its links are relative, so deeper paths are redirected to it.
    let is_page = !name.contains('.') && page.file(INDEX).is_some();
    let depth = name.matches('/').count();
    if is_page && found.is_none() && depth > 0 {
        return (StatusCode::FOUND, [(header::LOCATION, "../".repeat(depth))]).into_response();
    }
    let index = || page.file(INDEX).filter(|_| is_page).map(|file| (INDEX, file));
    let Some((name, file)) = found.or_else(index) else {
        return Problem::not_found("the page has no such file").into_response();
    };
    // A weak tag, because it also stands for the compressed forms.
    let tag = format!("W/\"{}\"", hex::encode(&file.digest[..16]));
    let policy = csp::policy(if name.ends_with(".html") { &file.bytes } else { &[] });
    let caching = if has_digest(name) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, kind::of(name).to_owned()),
        (header::CACHE_CONTROL, caching.to_owned()),
        (header::ETAG, tag.clone()),
        (header::VARY, header::ACCEPT_ENCODING.as_str().to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS.to_owned()),
    ];
    if values(request, &header::IF_NONE_MATCH).any(|known| known == tag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    for (coding, ending) in CODINGS.into_iter().filter(|(coding, _)| accepts(request, coding)) {
        if let Some(form) = page.file(&format!("{name}{ending}")) {
            return (headers, [(header::CONTENT_ENCODING, coding)], Body::from(form.bytes)).into_response();
        }
    }
    (headers, Body::from(file.bytes)).into_response()
}

/// The elements of a list header.
fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers.get_all(name).iter().flat_map(|list| list.to_str().unwrap_or_default().split(',')).map(str::trim)
}

/// Whether the client accepts this coding (RFC 9110, section 12.5.3).
fn accepts(request: &HeaderMap, coding: &str) -> bool {
    let quality = |name: &str| {
        values(request, &header::ACCEPT_ENCODING).find_map(|item| {
            let (found, parameters) = item.split_once(';').unwrap_or((item, "q=1"));
            let quality = parameters.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok());
            found.trim().eq_ignore_ascii_case(name).then_some(quality.unwrap_or(0.0))
        })
    };
    quality(coding).or_else(|| quality("*")).is_some_and(|quality| quality > 0.0)
}

/// Whether a name contains its file's digest, as Trunk writes it: `web-0123456789abcdef_bg.wasm`.
fn has_digest(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let digest = stem.strip_suffix("_bg").unwrap_or(stem).rsplit_once('-').map_or("", |(_, digest)| digest);
    digest.len() >= 8 && digest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Few;

    impl Page for Few {
        fn file(&self, name: &str) -> Option<File> {
            let bytes: &'static [u8] = match name {
                "index.html" => b"<script>go()</script>",
                "node.wasm" => b"\0asm",
                "node.wasm.br" => b"br",
                "node.wasm.gz" => b"gz",
                "web-0123456789abcdef_bg.wasm" => b"\0asm2",
                _ => return None,
            };
            Some(File::new(bytes))
        }
    }

    fn ask(path: &str, headers: &[(HeaderName, &str)]) -> Response {
        respond(&Few, path, &headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect())
    }

    fn header_of(response: &Response, name: header::HeaderName) -> String {
        response.headers()[name].to_str().unwrap().to_owned()
    }

    #[test]
    fn files_have_types_and_are_revalidated() {
        let index = ask("/", &[]);
        assert_eq!(index.status(), StatusCode::OK);
        assert_eq!(header_of(&index, header::CONTENT_TYPE), "text/html; charset=utf-8");
        assert_eq!(header_of(&index, header::CACHE_CONTROL), "no-cache");
        assert!(header_of(&index, header::CONTENT_SECURITY_POLICY).contains("'sha256-"));
        let permissions = header_of(&index, HeaderName::from_static("permissions-policy"));
        assert!(permissions.contains("camera=(self), microphone=()"), "{permissions}");
        let wasm = ask("/node.wasm", &[]);
        assert_eq!(header_of(&wasm, header::CONTENT_TYPE), "application/wasm");
        let again = ask("/node.wasm", &[(header::IF_NONE_MATCH, &header_of(&wasm, header::ETAG))]);
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        let digested = ask("/web-0123456789abcdef_bg.wasm", &[]);
        assert_eq!(header_of(&digested, header::CACHE_CONTROL), "public, max-age=31536000, immutable");
    }

    #[tokio::test]
    async fn the_best_accepted_form_is_sent() {
        for (request, coding, body) in [
            ("gzip, deflate, br", Some("br"), "br"),
            ("br;q=0, gzip;q=0.5", Some("gzip"), "gz"),
            ("*", Some("br"), "br"),
            ("*;q=0", None, "\0asm"),
            ("identity", None, "\0asm"),
            ("br;q=x", None, "\0asm"),
            ("", None, "\0asm"),
        ] {
            let answer = ask("/node.wasm", &[(header::ACCEPT_ENCODING, request)]);
            assert_eq!(header_of(&answer, header::VARY), "accept-encoding");
            assert_eq!(header_of(&answer, header::CONTENT_TYPE), "application/wasm");
            let got = answer.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap().to_owned());
            assert_eq!(got.as_deref(), coding, "{request}");
            assert_eq!(axum::body::to_bytes(answer.into_body(), 100).await.unwrap(), body, "{request}");
        }
        let plain = ask("/", &[(header::ACCEPT_ENCODING, "br, gzip")]);
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING), "this form does not exist");
        assert_eq!(ask("/node.wasm.br", &[]).status(), StatusCode::NOT_FOUND, "a form has no path of its own");
    }

    #[test]
    fn a_page_says_its_build() {
        struct Index(&'static str);
        impl Page for Index {
            fn file(&self, name: &str) -> Option<File> {
                (name == INDEX).then(|| File::new(self.0))
            }
        }
        let of = |index| build(&Index(index));
        assert_eq!(of("<meta name=\"build\" content=\"0123abcd\" /><p>"), Some("0123abcd".into()));
        assert_eq!(of("<meta name=\"build\" content=\"\" />"), None);
        assert_eq!((of("<p>"), build(&NoPage)), (None, None));
    }

    #[test]
    fn digests_in_names() {
        for name in ["web-0123456789abcdef.js", "web-0123456789abcdef_bg.wasm", "theme-a1b2c3d4.css"] {
            assert!(has_digest(name), "{name}");
        }
        for name in ["index.html", "icon-192.png", "boot.js", "sw.js", "web-0123456789ABCDEF.js", "a-b_bg.x"] {
            assert!(!has_digest(name), "{name}");
        }
    }

    #[test]
    fn views_serve_the_page_and_missing_files_are_not_found() {
        assert_eq!(ask("/blocks", &[]).status(), StatusCode::OK);
        for (path, to) in [("/blocks/12", "../"), ("/a/b/c", "../../"), ("/blocks/", "../")] {
            let answer = ask(path, &[]);
            assert_eq!((answer.status(), header_of(&answer, header::LOCATION).as_str()), (StatusCode::FOUND, to));
        }
        assert_eq!(ask("/old.js", &[]).status(), StatusCode::NOT_FOUND);
        assert_eq!(respond(&NoPage, "/", &HeaderMap::new()).status(), StatusCode::OK);
    }
}
