//! The page: files from a folder or from inside the program, with their headers.

mod csp;
mod directory;
#[cfg(feature = "embed")]
mod embedded;
mod kind;

pub use directory::Directory;
#[cfg(feature = "embed")]
pub use embedded::Embedded;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fedcoin_node::primitives::sha256;
use std::borrow::Cow;

/// Where the page's files come from.
pub trait Page: Send + Sync {
    /// The file of this name, such as `index.html`; names have no leading slash.
    fn file(&self, name: &str) -> Option<Cow<'static, [u8]>>;
}

/// No page: the program was built without one and no folder was named.
#[derive(Clone, Copy, Debug)]
pub struct NoPage;

impl Page for NoPage {
    fn file(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        (name == INDEX).then_some(Cow::Borrowed(NO_PAGE.as_bytes()))
    }
}

const INDEX: &str = "index.html";

/// What the page may ask the user for: the camera, to scan QR codes; nothing else, and nobody within it.
const PERMISSIONS: &str = "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), serial=(), bluetooth=()";

const NO_PAGE: &str = "<!doctype html><meta charset=utf-8><title>FEDCoin</title>
<h1>FEDCoin</h1><p>The node runs; see <a href=/api/v1/status>its status</a>.
This program was built without the page: start it with <code>--page DIR</code>, or build it by <code>cargo xtask build</code>.
";

/// The answer to a request for `path`. `known` is the browser's `If-None-Match`.
///
/// Every file must be asked for again (`no-cache`): a page and a worker of different builds do not
/// fit together. What has not changed is not sent again.
pub fn respond(page: &dyn Page, path: &str, known: Option<&HeaderValue>) -> Response {
    let name = path.trim_start_matches('/');
    let name = if name.is_empty() { INDEX } else { name };
    // A path without an ending is a view of the page, whose script reads it.
    let found = page.file(name).map(|file| (name, file));
    let view = || if name.contains('.') { None } else { page.file(INDEX).map(|file| (INDEX, file)) };
    let Some((name, file)) = found.or_else(view) else {
        return (StatusCode::NOT_FOUND, "there is no such file\n").into_response();
    };
    // Weak, because it stands for the compressed forms as well.
    let tag = format!("W/\"{}\"", hex::encode(&sha256(&[&file])[..16]));
    let unchanged = known.and_then(|k| k.to_str().ok()).is_some_and(|known| known.split(',').any(|k| k.trim() == tag));
    let policy = csp::policy(if name.ends_with(".html") { &file } else { &[] });
    let headers = [
        (header::CONTENT_TYPE, kind::of(name).to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::ETAG, tag),
        (header::CONTENT_SECURITY_POLICY, policy),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS.to_owned()),
    ];
    if unchanged {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, Body::from(file.into_owned())).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Two;

    impl Page for Two {
        fn file(&self, name: &str) -> Option<Cow<'static, [u8]>> {
            match name {
                "index.html" => Some(Cow::Borrowed(b"<script>go()</script>")),
                "node.wasm" => Some(Cow::Borrowed(b"\0asm")),
                _ => None,
            }
        }
    }

    fn header_of(response: &Response, name: header::HeaderName) -> String {
        response.headers()[name].to_str().unwrap().to_owned()
    }

    #[test]
    fn files_have_their_types_and_are_asked_for_again() {
        let index = respond(&Two, "/", None);
        assert_eq!(index.status(), StatusCode::OK);
        assert_eq!(header_of(&index, header::CONTENT_TYPE), "text/html; charset=utf-8");
        assert_eq!(header_of(&index, header::CACHE_CONTROL), "no-cache");
        assert!(header_of(&index, header::CONTENT_SECURITY_POLICY).contains("'sha256-"));
        let permissions = header_of(&index, HeaderName::from_static("permissions-policy"));
        assert!(permissions.contains("camera=(self), microphone=()"), "{permissions}");
        let wasm = respond(&Two, "/node.wasm", None);
        assert_eq!(header_of(&wasm, header::CONTENT_TYPE), "application/wasm");
        let again = respond(&Two, "/node.wasm", Some(&wasm.headers()[header::ETAG]));
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn views_are_the_page_and_missing_files_are_missing() {
        assert_eq!(respond(&Two, "/blocks/12", None).status(), StatusCode::OK);
        assert_eq!(respond(&Two, "/old.js", None).status(), StatusCode::NOT_FOUND);
        assert_eq!(respond(&NoPage, "/", None).status(), StatusCode::OK);
    }
}
