//! The API's OpenAPI document: derived from the handlers, completed with what only a running node knows.

use super::AppState;
use crate::node_handle::NodeHandle;
use crate::schema;
use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

const ABOUT: &str = "A FEDCoin node's REST API. All of it is JSON: amounts are texts with decimal numbers of FED, \
ids are 64 hex digits, times are milliseconds since 1970. It needs no key: a payment carries its sender's signature. \
Every mistake is answered by a problem document (RFC 9457). Numbers of rules are those of docs/protocol.md.";

#[derive(OpenApi)]
#[openapi(
    info(title = "FEDCoin node", description = ABOUT),
    servers((url = "/api/v1", description = "This node")),
    tags(
        (name = "node", description = "The node itself"),
        (name = "chain", description = "Network, blocks and ledger"),
        (name = "transactions", description = "Payments, waiting and mined"),
        (name = "mining", description = "Work for miners outside of the node"),
        (name = "addresses", description = "Balances, coins and history of addresses"),
    ),
    components(schemas(crate::problem::Problem, schema::TipEvent, schema::PaymentEvent, schema::DropEvent, schema::LostEvent))
)]
struct Document;

/// A router that collects the documentation of its routes.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Document::openapi())
}

/// The document as served. Its examples exist on this node.
pub(super) fn finish(document: utoipa::openapi::OpenApi, node: &NodeHandle) -> Value {
    let genesis = node.read().params().genesis_block();
    let (block, txid) = (genesis.id().to_string(), genesis.coinbase.txid().to_string());
    // A document of plain structs always has a JSON form.
    let mut document = serde_json::to_value(document).unwrap_or_default();
    for operation in operations_mut(&mut document) {
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            let examples = match parameter["name"].as_str() {
                Some("txid") => json!({ "genesis": { "value": txid } }),
                Some("block") => json!({ "height": { "value": "0" }, "id": { "value": block } }),
                Some("address") => json!({ "genesis": { "value": schema::ADDRESS } }),
                _ => continue,
            };
            parameter["examples"] = examples;
            if let Some(parameter) = parameter.as_object_mut() {
                parameter.remove("example");
            }
        }
    }
    document
}

fn operations_mut(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    paths.flat_map(|(_, item)| item.as_object_mut().into_iter().flatten().map(|(_, operation)| operation))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::operations;
    use crate::api::peers::PeerView;
    use crate::feed::DroppedPayment;
    use crate::schema::{Block, ChainParams, DropEvent, FeeEstimate, LostEvent, PaymentEvent, TipEvent, TipInfo};
    use fedcoin_node::consensus::ChainParams as Rules;
    use fedcoin_node::mempool::{DropReason, Dropped};
    use fedcoin_node::primitives::{OutPoint, Payment, PublicKey, Signature, TxId, UnsignedPayment};
    use fedcoin_node::units::{Height, Work};
    use fedcoin_node::{Direction, PeerId};
    use utoipa::openapi::ComponentsBuilder;
    use utoipa::{PartialSchema, ToSchema};

    fn document() -> Value {
        serde_json::to_value(router().merge(operations()).into_openapi()).unwrap()
    }

    #[test]
    fn every_operation_is_described() {
        let mut document = document();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1."), "{}", document["openapi"]);
        let mut ids = Vec::new();
        for operation in operations_mut(&mut document) {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            assert!(operation["summary"].is_string() && operation["tags"][0].is_string(), "{id}");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["description"].is_string(), "{id} {parameter}");
            }
            for answer in ["408", "429", "500", "503"] {
                assert!(operation["responses"][answer].is_object(), "{id} {answer}");
            }
            assert!(!ids.contains(&id), "{id} twice");
            ids.push(id);
        }
        assert!(ids.len() > 10);
    }

    #[test]
    fn every_reference_resolves() {
        let document = document();
        let text = document.to_string();
        for name in text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(document["components"]["schemas"][name].is_object(), "{name}");
        }
    }

    fn allows(schema: &Value, kind: &str) -> bool {
        schema["type"] == kind || schema["type"].as_array().is_some_and(|kinds| kinds.contains(&kind.into()))
    }

    /// Checks that the value has exactly the schema's properties, with its types, recursively.
    fn fits(value: &Value, schema: &Value, schemas: &Value) {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            return fits(value, &schemas[name], schemas);
        }
        if let Some(kinds) = schema["oneOf"].as_array() {
            let kind = kinds.iter().find(|kind| (kind["type"] == "null") == value.is_null()).unwrap();
            return fits(value, kind, schemas);
        }
        match value {
            Value::Object(members) => {
                let mut required: Vec<&str> =
                    schema["required"].as_array().unwrap().iter().flat_map(Value::as_str).collect();
                required.sort_unstable();
                assert_eq!(members.keys().map(String::as_str).collect::<Vec<_>>(), required, "{schema}");
                members.iter().for_each(|(name, member)| fits(member, &schema["properties"][name], schemas));
            }
            Value::Array(items) => items.iter().for_each(|item| fits(item, &schema["items"], schemas)),
            Value::String(text) if schema["enum"].is_array() => {
                assert!(schema["enum"].as_array().unwrap().contains(value), "{text}: {schema}");
            }
            Value::String(_) => assert!(allows(schema, "string"), "{value}: {schema}"),
            Value::Number(_) => assert!(allows(schema, "integer"), "{value}: {schema}"),
            Value::Bool(_) => assert!(allows(schema, "boolean"), "{value}: {schema}"),
            Value::Null => assert!(allows(schema, "null"), "{schema}"),
        }
    }

    fn check<S: ToSchema + PartialSchema>(value: impl serde::Serialize) {
        let mut schemas = vec![(S::name().into_owned(), S::schema())];
        S::schemas(&mut schemas);
        let components = serde_json::to_value(ComponentsBuilder::new().schemas_from_iter(schemas).build()).unwrap();
        let value = serde_json::to_value(value).unwrap();
        fits(&value, &components["schemas"][S::name().as_ref()], &components["schemas"]);
    }

    #[test]
    fn each_reason_to_drop_a_payment_is_in_the_schema() {
        let names = &document()["components"]["schemas"]["DropReason"]["enum"];
        assert_eq!(*names, json!(DropReason::NAMES));
        let dropped = Dropped { txid: TxId([1; 32]), reason: DropReason::Replaced { by: TxId([3; 32]) } };
        check::<DropEvent>(DroppedPayment::new(&dropped, true));
    }

    #[test]
    fn answers_fit_their_schemas() {
        let rules = Rules::main();
        let mut block = rules.genesis_block();
        let output = block.coinbase.output;
        block.payments.push(Payment {
            unsigned: UnsignedPayment {
                sender: PublicKey::from_bytes([2; 33]),
                replaceable: true,
                inputs: vec![OutPoint { txid: TxId([1; 32]), index: 0 }],
                outputs: vec![output],
            },
            signature: Signature::from_bytes([1; 64]),
        });
        check::<TipInfo>(fedcoin_node::TipInfo {
            id: block.id(),
            height: Height(0),
            time: block.header.time,
            target: block.header.target,
            work: Work::ZERO,
        });
        check::<Block>(&block);
        check::<ChainParams>(&rules);
        let tip = crate::feed::TipData {
            id: block.id(),
            height: Height(0),
            time: block.header.time,
            disconnected: vec![block.id()],
            disconnected_blocks: 1,
            connected: vec![block.id()],
            connected_blocks: 1,
            moving: false,
        };
        check::<TipEvent>(tip);
        check::<PaymentEvent>(crate::feed::AcceptedPayment { txid: TxId([1; 32]) });
        check::<LostEvent>(crate::feed::LostEvents { events: 1 });
        let rate = fedcoin_node::mempool::FeeRate::ZERO;
        check::<FeeEstimate>(fedcoin_node::mempool::FeeEstimate {
            minimum: rate,
            next_block: rate,
            within_3_blocks: rate,
            within_10_blocks: rate,
        });
        for ping_ms in [None, Some(3)] {
            check::<PeerView>(PeerView::from(fedcoin_node::PeerInfo {
                peer: PeerId(1),
                direction: Direction::Inbound,
                address: "a:1".parse().unwrap(),
                user_agent: String::new(),
                height: Height(0),
                ping_ms,
            }));
        }
    }
}
