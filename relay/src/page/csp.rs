use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fedcoin_node::primitives::sha256;

/// The content security policy for a file: only code from this node runs, wasm included, and of inline scripts only
/// those in `html`. The page may connect to any node.
pub(super) fn policy(html: &[u8]) -> String {
    let mut scripts = "'self' 'wasm-unsafe-eval'".to_owned();
    for script in inline_scripts(&String::from_utf8_lossy(html)) {
        scripts.push_str(&format!(" 'sha256-{}'", STANDARD.encode(sha256(&[script.as_bytes()]))));
    }
    format!(
        "default-src 'self'; script-src {scripts}; worker-src 'self'; connect-src 'self' ws: wss:; style-src 'self'; \
         img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// The contents of `<script>` tags without `src`.
fn inline_scripts(html: &str) -> Vec<&str> {
    let mut scripts = Vec::new();
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once("<script") {
        let Some((attributes, body)) = tag.split_once('>') else { break };
        let Some((script, after)) = body.split_once("</script>") else { break };
        if !attributes.split_ascii_whitespace().any(|a| a.starts_with("src=")) {
            scripts.push(script);
        }
        rest = after;
    }
    scripts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_allowed_by_their_hash() {
        let html = "<script type=\"module\">\nimport x;\n</script><script src=\"a.js\"></script><script>b()</script>";
        assert_eq!(inline_scripts(html), ["\nimport x;\n", "b()"]);
        let policy = policy(b"<script>alert('Hello, world.');</script>");
        // The example in the CSP specification.
        assert!(policy.contains("'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"), "{policy}");
        assert!(!policy.contains("unsafe-inline"));
    }

    #[test]
    fn malformed_html_allows_nothing_more() {
        for html in ["<script", "<script>", "<script>never closed"] {
            assert!(inline_scripts(html).is_empty());
        }
    }
}
