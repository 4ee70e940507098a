//! Renders the API's document as a page.

use super::html::{code, escape, prose, table};
use crate::problem::ProblemKind;
use serde_json::Value;

/// The whole page.
pub(super) fn page(document: &Value) -> String {
    let info = &document["info"];
    let title = escape(text(&info["title"]));
    let tags: String = list(&document["tags"]).map(|tag| group(document, tag)).collect();
    let schemas: String = members(&document["components"]["schemas"]).map(|(name, s)| schema(name, s)).collect();
    let problems: String = ProblemKind::ALL.iter().map(problem).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}: API</title>\n\
         <link rel=\"stylesheet\" href=\"docs.css\">\n</head>\n<body>\n<h1>{title}: API</h1>\n<p>{}</p>\n\
         <p>Version {}. For programs: <a href=\"openapi.json\">openapi.json</a>. <a href=\"../../\">The node's \
         page</a>.</p>\n{tags}\n<h2>Forms</h2>\n{schemas}\n<h2>Problems</h2>\n{problems}</body>\n</html>\n",
        prose(text(&info["description"])),
        escape(text(&info["version"])),
    )
}

/// The operations with this tag.
fn group(document: &Value, tag: &Value) -> String {
    let mut out = format!("<h2>{}</h2>\n", escape(text(&tag["description"])));
    for (path, item) in members(&document["paths"]) {
        for (method, operation) in members(item).filter(|(_, operation)| operation["tags"][0] == tag["name"]) {
            out.push_str(&one(method, path, operation));
        }
    }
    out
}

fn one(method: &str, path: &str, operation: &Value) -> String {
    let parameters = list(&operation["parameters"]).map(|parameter| {
        let place = if parameter["in"] == "path" { "in the path" } else { "in the query" };
        let usual = &parameter["schema"]["default"];
        let usual = if usual.is_null() { String::new() } else { format!(", usually {}", code(&usual.to_string())) };
        let form = format!("{place}, {}{usual}", form(&parameter["schema"]));
        [code(text(&parameter["name"])), form, prose(text(&parameter["description"]))]
    });
    let body =
        members(&operation["requestBody"]["content"]).map(|(kind, content)| [code(kind), form(&content["schema"])]);
    let answers = members(&operation["responses"]).map(|(status, answer)| {
        let forms: Vec<String> = members(&answer["content"]).map(|(_, content)| form(&content["schema"])).collect();
        [code(status), prose(text(&answer["description"])), forms.join(", ")]
    });
    let asks = method == "get" && !list(&operation["parameters"]).any(|parameter| parameter["required"] == true);
    // Relative to the document, so that a proxy may serve it below any path.
    let link = path.trim_start_matches('/');
    let name = if asks { format!("<a href=\"{link}\">{}</a>", code(path)) } else { code(path) };
    format!(
        "<h3 id=\"{}\"><span class=\"method {method}\">{}</span>{name}</h3>\n<p>{}. {}</p>\n{}{}{}",
        escape(text(&operation["operationId"])),
        method.to_uppercase(),
        prose(text(&operation["summary"])),
        prose(text(&operation["description"])),
        table("Parameters", parameters),
        table("Body", body),
        table("Answers", answers),
    )
}

fn schema(name: &str, schema: &Value) -> String {
    let rows = members(&schema["properties"])
        .map(|(name, property)| [code(name), form(property), prose(text(&property["description"]))]);
    let name = escape(name);
    let fields = table("Fields", rows);
    let whole = if fields.is_empty() { format!("<p>{}</p>\n", form(schema)) } else { fields };
    format!("<h3 id=\"form-{name}\">{name}</h3>\n<p>{}</p>\n{whole}", prose(text(&schema["description"])))
}

fn problem(kind: &ProblemKind) -> String {
    format!(
        "<h3 id=\"problem-{}\">{}</h3>\n<p>Status {}. {}</p>\n",
        kind.name,
        escape(kind.title),
        kind.status.as_u16(),
        prose(kind.meaning)
    )
}

/// The values that a schema allows, in words.
fn form(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let name = escape(name);
        return format!("<a href=\"#form-{name}\">{name}</a>");
    }
    for (key, between) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")] {
        if schema[key].is_array() {
            return list(&schema[key]).map(form).collect::<Vec<_>>().join(between);
        }
    }
    if schema["enum"].is_array() {
        return list(&schema["enum"]).map(|value| code(&value.to_string())).collect::<Vec<_>>().join(" or ");
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(text).collect(),
        kind => vec![text(kind)],
    };
    let words = kinds.iter().map(|kind| match *kind {
        "array" => format!("list of {}", form(&schema["items"])),
        "object" => object(schema),
        "integer" | "number" => format!("{kind}{}", range(schema)),
        "string" => match schema["pattern"].as_str() {
            Some(pattern) => format!("string {}", code(pattern)),
            None => "string".to_owned(),
        },
        other => escape(other),
    });
    words.collect::<Vec<_>>().join(" or ")
}

fn object(schema: &Value) -> String {
    let fields: Vec<String> =
        members(&schema["properties"]).map(|(name, property)| format!("{}: {}", code(name), form(property))).collect();
    if fields.is_empty() { "object".to_owned() } else { format!("{{ {} }}", fields.join(", ")) }
}

fn range(schema: &Value) -> String {
    match (&schema["minimum"], &schema["maximum"]) {
        (Value::Null, Value::Null) => String::new(),
        (min, Value::Null) => format!(" from {min}"),
        (Value::Null, max) => format!(" up to {max}"),
        (min, max) => format!(" from {min} to {max}"),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, member)| (name.as_str(), member))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn forms_in_words() {
        let said = |schema: Value| form(&schema);
        assert_eq!(said(json!({"type": "integer", "minimum": 1, "maximum": 9})), "integer from 1 to 9");
        assert_eq!(said(json!({"type": ["integer", "null"]})), "integer or null");
        let list = json!({"type": "array", "items": {"$ref": "#/components/schemas/Coin"}});
        assert_eq!(said(list), "list of <a href=\"#form-Coin\">Coin</a>");
        assert_eq!(said(json!({"enum": ["a", "b"]})), "<code>&quot;a&quot;</code> or <code>&quot;b&quot;</code>");
    }

    #[test]
    fn every_problem_has_an_anchor() {
        let page = page(&json!({}));
        for kind in ProblemKind::ALL {
            assert!(page.contains(&format!("id=\"problem-{}\"", kind.name)));
        }
        assert!(!page.contains("<script") && !page.contains("style="), "the policy forbids both");
    }
}
