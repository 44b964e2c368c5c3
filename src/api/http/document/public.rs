//! The part of the document that is for everybody: what anybody may call, or may where the server is configured so.

use std::collections::BTreeSet;

use actix_web::http::Method;
use serde_json::{Map, Value};
use utoipa::openapi::OpenApi;

use super::FOR_ROLE;
use crate::api::http::opened::{CannotOpen, OPENABLE};
use crate::api::http::routes::{Access, RouteTable};

/// Why there is no such part: a defect of the build.
#[derive(Debug, thiserror::Error)]
pub enum NoDocument {
    /// It cannot be written.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A family of routes that can be opened is not there.
    #[error(transparent)]
    Open(#[from] CannotOpen),
}

/// The part of a document that is for everybody. `table` has the document's routes.
pub fn public(document: &OpenApi, mut table: RouteTable) -> Result<Value, NoDocument> {
    table.open(&OPENABLE.iter().map(|family| (*family).to_owned()).collect::<Vec<_>>(), None)?;
    let mut document = serde_json::to_value(document)?;
    if let Some(title) = document.pointer_mut("/info/title") {
        *title = Value::from("Ocotillo API (Public)");
    }
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths.iter_mut() {
            let Some(operations) = item.as_object_mut() else { continue };
            operations.retain(|method, _| is_public(&table, path, method));
            operations.values_mut().for_each(without_role);
        }
        paths.retain(|_, item| item.as_object().is_some_and(|operations| !operations.is_empty()));
    }
    prune(&mut document);
    Ok(document)
}

/// True for what is open, or can be opened.
fn is_public(table: &RouteTable, path: &str, method: &str) -> bool {
    let Ok(method) = method.to_uppercase().parse::<Method>() else { return false };
    let Some(known) = table.find(path) else { return false };
    known.access(&method) == Some(Access::Anonymous) || known.opened(&method).is_some()
}

/// Says of an operation that it may be open, and not by what callers say who they are.
fn without_role(operation: &mut Value) {
    let Some(operation) = operation.as_object_mut() else { return };
    operation.shift_remove("security");
    if let Some(Value::String(text)) = operation.get_mut("description") {
        *text = text.replace(FOR_ROLE, "For anybody where the server is configured so, else for the role ");
    }
}

/// Removes components that nothing refers to, the ways to say who asks, and tags without operations.
fn prune(document: &mut Value) {
    let mut used = BTreeSet::new();
    let mut tags = BTreeSet::new();
    if let Some(paths) = document.get("paths") {
        references(paths, &mut used);
        let operations = paths.as_object().into_iter().flatten().filter_map(|(_, item)| item.as_object()).flatten();
        let named = operations.filter_map(|(_, operation)| operation.get("tags")?.as_array()).flatten();
        tags.extend(named.filter_map(|tag| tag.as_str().map(str::to_owned)));
    }
    // What is referred to refers to others.
    let mut new: Vec<String> = used.iter().cloned().collect();
    while let Some(reference) = new.pop() {
        let mut more = BTreeSet::new();
        if let Some(component) = document.pointer(reference.trim_start_matches('#')) {
            references(component, &mut more);
        }
        new.extend(more.into_iter().filter(|reference| used.insert(reference.clone())));
    }
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        components.shift_remove("securitySchemes");
        for (kind, all) in components.iter_mut() {
            let Some(all) = all.as_object_mut() else { continue };
            keep(all, |name| used.contains(&format!("#/components/{kind}/{name}")));
        }
    }
    if let Some(all) = document.get_mut("tags").and_then(Value::as_array_mut) {
        all.retain(|tag| tag.get("name").and_then(Value::as_str).is_some_and(|name| tags.contains(name)));
    }
}

fn keep(all: &mut Map<String, Value>, wanted: impl Fn(&str) -> bool) {
    all.retain(|name, _| wanted(name));
}

/// Every reference, wherever it stands.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
