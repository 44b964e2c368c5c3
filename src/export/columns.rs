//! The columns of a table of items, worked out once from the schema of their type, so that they are the same whatever the rows are.
//!
//! A member that is an object is taken apart (`parameter.unit`); one that is a list, or an object whose members are not known
//! beforehand, is one cell of JSON.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayItems, Schema, SchemaType};
use utoipa::openapi::{RefOr, Type};

/// Between the names of an object and of its member.
const GLUE: &str = ".";

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands in the header.
    pub name: String,
    /// The members that lead to the cell, from the item on.
    path: Vec<String>,
}

impl Column {
    fn new(path: Vec<String>) -> Self {
        Self { name: path.join(GLUE), path }
    }

    /// The member of the item that the column belongs to.
    pub fn member(&self) -> &str {
        self.path.first().map_or("", String::as_str)
    }

    /// The value of an item; null where an object on the way is null.
    pub fn of<'v>(&self, item: &'v Value) -> &'v Value {
        self.path.iter().try_fold(item, |value, member| value.get(member)).unwrap_or(&Value::Null)
    }
}

/// The columns of a type.
#[derive(Debug, Default)]
pub struct Columns {
    all: Vec<Column>,
    members: Vec<String>,
}

impl Columns {
    /// The columns of `T`, or of its items when it is a list.
    pub fn of<T: ToSchema + 'static>() -> Arc<Self> {
        static KNOWN: LazyLock<RwLock<HashMap<TypeId, Arc<Columns>>>> = LazyLock::new(RwLock::default);
        let of = TypeId::of::<T>();
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&of).cloned();
        known.unwrap_or_else(|| {
            let columns = Arc::new(Self::read::<T>());
            KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(of, Arc::clone(&columns));
            columns
        })
    }

    fn read<T: ToSchema>() -> Self {
        let mut named = Vec::new();
        T::schemas(&mut named);
        let mut reader = Reader { named: named.into_iter().collect(), columns: Vec::new() };
        let whole = T::schema();
        match reader.schema(&whole) {
            Some(Schema::Array(list)) => {
                if let ArrayItems::RefOrSchema(item) = list.items {
                    reader.add(&item, &[], &[]);
                }
            }
            _ => reader.add(&whole, &[], &[]),
        }
        // What is no object has no members.
        let all: Vec<Column> = reader.columns.into_iter().filter(|column| !column.path.is_empty()).collect();
        let mut members: Vec<String> = all.iter().map(|column| column.member().to_owned()).collect();
        members.dedup();
        Self { all, members }
    }

    /// All columns, in the order of the schema.
    pub fn all(&self) -> &[Column] {
        &self.all
    }

    /// The names of the item's own members.
    pub fn members(&self) -> &[String] {
        &self.members
    }
}

struct Reader {
    named: HashMap<String, RefOr<Schema>>,
    columns: Vec<Column>,
}

impl Reader {
    /// What a reference stands for, as far as it is known.
    fn schema(&self, schema: &RefOr<Schema>) -> Option<Schema> {
        match schema {
            RefOr::T(schema) => Some(schema.clone()),
            RefOr::Ref(reference) => self.schema(self.named.get(name_of(&reference.ref_location))?),
        }
    }

    /// Adds the columns of what is found at `path`. `within` are the named schemas that it lies in: one that holds itself is a cell.
    fn add(&mut self, schema: &RefOr<Schema>, path: &[String], within: &[String]) {
        let mut within = within.to_vec();
        if let RefOr::Ref(reference) = schema {
            let name = name_of(&reference.ref_location).to_owned();
            if within.contains(&name) {
                return self.columns.push(Column::new(path.to_vec()));
            }
            within.push(name);
        }
        match self.schema(schema) {
            Some(Schema::Object(object)) if !object.properties.is_empty() => {
                for (member, schema) in &object.properties {
                    let path = [path, std::slice::from_ref(member)].concat();
                    self.add(schema, &path, &within);
                }
            }
            // An object that others are part of.
            Some(Schema::AllOf(parts)) => parts.items.iter().for_each(|part| self.add(part, path, &within)),
            Some(Schema::OneOf(choice)) => {
                // Null or something is that something.
                let mut others = choice.items.iter().filter(|item| !is_null(item));
                match (others.next(), others.next()) {
                    (Some(only), None) => self.add(only, path, &within),
                    _ => self.columns.push(Column::new(path.to_vec())),
                }
            }
            _ => self.columns.push(Column::new(path.to_vec())),
        }
    }
}

fn name_of(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null))
}

/// The members of an item that are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields(Arc<[String]>);

impl Fields {
    /// These members.
    pub fn new(names: Vec<String>) -> Self {
        Self(names.into())
    }

    /// True for those that are asked for.
    pub fn include(&self, member: &str) -> bool {
        self.0.iter().any(|name| name == member)
    }

    /// An item with nothing but these members; a list with nothing but these members of its items.
    pub fn of(&self, value: Value) -> Value {
        match value {
            Value::Object(members) => members.into_iter().filter(|(member, _)| self.include(member)).collect(),
            Value::Array(items) => items.into_iter().map(|item| self.of(item)).collect(),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use utoipa::ToSchema;

    use super::*;

    #[derive(ToSchema)]
    #[expect(dead_code, reason = "only its schema is read")]
    struct Inner {
        unit: String,
        #[schema(no_recursion)]
        inner: Option<Box<Inner>>,
    }

    #[derive(ToSchema)]
    #[expect(dead_code, reason = "only its schema is read")]
    struct Outer {
        id: i32,
        one: Inner,
        other: Option<Inner>,
        many: Vec<Inner>,
        #[schema(value_type = Option<Object>)]
        any: Option<Value>,
    }

    fn names(columns: &Columns) -> Vec<&str> {
        columns.all().iter().map(|column| column.name.as_str()).collect()
    }

    #[test]
    fn objects_are_taken_apart_and_lists_are_not() {
        let columns = Columns::of::<Outer>();
        assert_eq!(names(&columns), ["id", "one.unit", "one.inner", "other.unit", "other.inner", "many", "any"]);
        assert_eq!(columns.members(), ["id", "one", "other", "many", "any"]);
        assert_eq!(names(&Columns::of::<Vec<Outer>>()), names(&columns));
        assert!(Columns::of::<Value>().all().is_empty() && Columns::of::<i32>().members().is_empty());
    }

    #[test]
    fn cells_are_found_and_members_chosen() {
        let item = json!({"id": 7, "one": {"unit": "ft", "inner": null}, "other": null, "many": [1], "any": {"a": 1}});
        let columns = Columns::of::<Outer>();
        let cells: Vec<Value> = columns.all().iter().map(|column| column.of(&item).clone()).collect();
        assert_eq!(json!(cells), json!([7, "ft", null, null, null, [1], {"a": 1}]));
        let fields = Fields::new(vec!["one".to_owned(), "id".to_owned()]);
        assert_eq!(fields.of(item.clone()), json!({"id": 7, "one": {"unit": "ft", "inner": null}}));
        assert_eq!(fields.of(json!([item])), json!([{"id": 7, "one": {"unit": "ft", "inner": null}}]));
    }
}
