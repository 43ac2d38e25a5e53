//! The server's description of itself, read from `GET /api/openapi.json`.

use serde_json::Value;

use crate::Caller;

/// One operation of the API.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its name.
    pub id: String,
    /// `GET`, `POST` and so on.
    pub method: String,
    /// The path, with its parameters in braces.
    pub path: String,
    /// Names of the fields of its body that hold free text.
    pub text_fields: Vec<String>,
    /// The statuses that it says it answers.
    pub statuses: Vec<String>,
}

impl Operation {
    /// Whether it can change anything.
    pub fn writes(&self) -> bool {
        self.method != "GET"
    }

    /// The path with these values in place of its parameters.
    pub fn at(&self, values: &[(&str, &str)]) -> String {
        let mut path = self.path.clone();
        for (name, value) in values {
            path = path.replace(&format!("{{{name}}}"), value);
        }
        path
    }
}

/// Every operation in the description.
pub async fn operations(caller: &Caller) -> Vec<Operation> {
    let document = caller.get("/api/openapi.json").await.is(200);
    let paths = document["paths"].as_object().expect("paths");
    let mut all = Vec::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().expect("methods") {
            let schema = resolved(
                &document,
                &operation["requestBody"]["content"]["application/json"]["schema"],
            );
            all.push(Operation {
                id: operation["operationId"]
                    .as_str()
                    .expect("a name")
                    .to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                text_fields: text_fields(&document, schema),
                statuses: operation["responses"]
                    .as_object()
                    .map(|all| all.keys().cloned().collect())
                    .unwrap_or_default(),
            });
        }
    }
    all
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => document
            .pointer(reference.trim_start_matches('#'))
            .unwrap_or_else(|| panic!("{reference} leads nowhere")),
        None => schema,
    }
}

fn text_fields(document: &Value, schema: &Value) -> Vec<String> {
    let properties = schema["properties"].as_object();
    let text = |field: &Value| {
        let field = resolved(document, field);
        let kind = &field["type"];
        let string = kind == "string"
            || kind
                .as_array()
                .is_some_and(|all| all.contains(&"string".into()));
        string && field["enum"].is_null() && field["format"] != "uuid"
    };
    properties
        .map(|all| {
            all.iter()
                .filter(|(_, field)| text(field))
                .map(|(name, _)| name.clone())
                .collect()
        })
        .unwrap_or_default()
}
