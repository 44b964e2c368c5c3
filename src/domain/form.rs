//! Reading a JSON body: all problems at once, each with its place, in the order of the fields.
//!
//! This is the one place between wire types and rows where payloads are normalised: absent, null and empty values,
//! trimmed text, lax numbers, dates, nested lists, vocabulary terms. A body type implements [`FromForm`] and says
//! per field which reader of [`super::read`] applies.
//!
//! Vocabulary lives in the database, so a reader only notes which term of which category was meant
//! ([`TermCheck`]); the store settles these checks inside the request's own transaction and merges the outcome into the
//! list of problems at the place where the field stands.

use serde_json::{Map, Value};

use super::problem::{LocPart, Problem};

/// A body type: reads its fields from a form. `None` means that problems were noted.
pub trait FromForm: Sized {
    /// Reads the fields, in the order in which problems are to be listed.
    fn from_form(form: &mut Form<'_>) -> Option<Self>;
}

/// What reading a body found, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// Something wrong with the body itself.
    Problem(Problem),
    /// A term that must be in the vocabulary.
    Term(TermCheck),
}

/// A term to be looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct TermCheck {
    /// What is expected of it.
    pub rule: TermRule,
    /// Where it stood.
    pub loc: Vec<LocPart>,
    /// The term.
    pub term: String,
}

/// What is expected of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermRule {
    /// It belongs to the category; otherwise 422 `enum`.
    Category(&'static str),
    /// It is a release status; otherwise 422 `value_error` with a text of its own.
    ReleaseStatus,
    /// It is any term at all (the reference leaves the check to the foreign key); otherwise 409.
    AnyTerm,
}

/// A body that was read: its value, and what was found on the way.
#[derive(Clone, Debug)]
pub struct Parsed<T> {
    value: Option<T>,
    findings: Vec<Finding>,
}

impl<T: FromForm> Parsed<T> {
    /// Reads a body. Anything but an object is a problem of the body as a whole.
    pub fn read(body: &Value) -> Self {
        let mut findings = Vec::new();
        let mut loc = vec![LocPart::from("body")];
        let mut slot = Slot { value: body, loc: &mut loc, findings: &mut findings };
        let value = T::read_from(&mut slot);
        Self { value, findings }
    }
}

impl<T> Parsed<T> {
    /// The terms to look up.
    pub fn terms(&self) -> impl Iterator<Item = &TermCheck> {
        self.findings.iter().filter_map(|finding| match finding {
            Finding::Term(check) => Some(check),
            Finding::Problem(_) => None,
        })
    }

    /// The value, or all problems in order. `judge` says what is wrong with a term, if anything.
    pub fn settle(self, mut judge: impl FnMut(&TermCheck) -> Option<Problem>) -> Result<T, Vec<Problem>> {
        let problems: Vec<Problem> = self
            .findings
            .into_iter()
            .filter_map(|finding| match finding {
                Finding::Problem(problem) => Some(problem),
                Finding::Term(check) => judge(&check),
            })
            .collect();
        match self.value {
            Some(value) if problems.is_empty() => Ok(value),
            _ => Err(problems),
        }
    }
}

trait ReadFrom: Sized {
    fn read_from(slot: &mut Slot<'_>) -> Option<Self>;
}

impl<T: FromForm> ReadFrom for T {
    fn read_from(slot: &mut Slot<'_>) -> Option<Self> {
        let Value::Object(fields) = slot.value else {
            return slot.refuse(
                "model_attributes_type",
                "Input should be a valid dictionary or object to extract fields from",
            );
        };
        let mut form = Form { fields, whole: slot.value, loc: slot.loc, findings: slot.findings };
        T::from_form(&mut form)
    }
}

/// Reads a nested object.
pub fn object<T: FromForm>(slot: &mut Slot<'_>) -> Option<T> {
    T::read_from(slot)
}

/// An object being read field by field.
pub struct Form<'a> {
    fields: &'a Map<String, Value>,
    whole: &'a Value,
    loc: &'a mut Vec<LocPart>,
    findings: &'a mut Vec<Finding>,
}

impl Form<'_> {
    /// A field that must be there. Null is handed to the reader, which refuses or takes it.
    pub fn required<T>(&mut self, name: &'static str, read: impl FnOnce(&mut Slot<'_>) -> Option<T>) -> Option<T> {
        match self.fields.get(name) {
            Some(value) => self.at(name, value, read),
            None => {
                let loc = self.place(name);
                self.note(Problem::new("missing", loc, "Field required", self.whole.clone()));
                None
            }
        }
    }

    /// A field that may be absent or null; both give `None` inside.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Slot<'_>) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.fields.get(name) {
            None | Some(Value::Null) => Some(None),
            Some(value) => self.at(name, value, read).map(Some),
        }
    }

    /// A field with a default for absent and null.
    pub fn or<T>(
        &mut self,
        name: &'static str,
        default: T,
        read: impl FnOnce(&mut Slot<'_>) -> Option<T>,
    ) -> Option<T> {
        Some(self.optional(name, read)?.unwrap_or(default))
    }

    /// A field of a PATCH: absent, null or a value.
    pub fn patch<T>(&mut self, name: &'static str, read: impl FnOnce(&mut Slot<'_>) -> Option<T>) -> Option<Patch<T>> {
        match self.fields.get(name) {
            None => Some(Patch::Absent),
            Some(Value::Null) => Some(Patch::Null),
            Some(value) => self.at(name, value, read).map(Patch::Value),
        }
    }

    /// A field of a PATCH whose column cannot be null: the reader refuses null.
    pub fn patch_required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Slot<'_>) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.fields.get(name) {
            None => Some(None),
            Some(value) => self.at(name, value, read).map(Some),
        }
    }

    /// True when the key was sent, whatever its value.
    pub fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// Notes a rule of this object that is broken. The place is the object itself.
    pub fn refuse(&mut self, message: &str) {
        let problem = Problem::value_error(self.loc.clone(), message, self.whole.clone());
        self.note(problem);
    }

    fn place(&self, name: &'static str) -> Vec<LocPart> {
        let mut loc = self.loc.clone();
        loc.push(name.into());
        loc
    }

    fn note(&mut self, problem: Problem) {
        self.findings.push(Finding::Problem(problem));
    }

    fn at<T>(&mut self, name: &'static str, value: &Value, read: impl FnOnce(&mut Slot<'_>) -> Option<T>) -> Option<T> {
        self.loc.push(name.into());
        let read = read(&mut Slot { value, loc: self.loc, findings: self.findings });
        self.loc.pop();
        read
    }
}

/// One value being read, with its place.
pub struct Slot<'a> {
    /// The value as sent.
    pub value: &'a Value,
    loc: &'a mut Vec<LocPart>,
    findings: &'a mut Vec<Finding>,
}

impl Slot<'_> {
    /// Notes a problem of the sort `kind`; always `None`, to be returned.
    pub fn refuse<T>(&mut self, kind: &'static str, message: impl Into<String>) -> Option<T> {
        self.note(Problem::new(kind, self.loc.clone(), message, self.value.clone()))
    }

    /// As [`Self::refuse`] with the numbers behind the message.
    pub fn refuse_with<T>(&mut self, kind: &'static str, message: impl Into<String>, ctx: Value) -> Option<T> {
        self.note(Problem::new(kind, self.loc.clone(), message, self.value.clone()).with_ctx(ctx))
    }

    /// Notes that a rule of our own is broken.
    pub fn refuse_value<T>(&mut self, message: impl std::fmt::Display) -> Option<T> {
        self.note(Problem::value_error(self.loc.clone(), message, self.value.clone()))
    }

    /// Notes that `term` must be in the vocabulary.
    pub fn expect_term(&mut self, rule: TermRule, term: &str) {
        self.findings.push(Finding::Term(TermCheck { rule, loc: self.loc.clone(), term: term.to_owned() }));
    }

    /// Reads each element of a list at its own place. All elements are read, so that all problems are noted.
    pub fn each<T>(&mut self, mut read: impl FnMut(&mut Slot<'_>) -> Option<T>) -> Option<Vec<T>> {
        let Value::Array(items) = self.value else {
            return self.refuse("list_type", "Input should be a valid list");
        };
        let mut values = Vec::with_capacity(items.len());
        for (at, value) in items.iter().enumerate() {
            self.loc.push(LocPart::Index(at));
            values.push(read(&mut Slot { value, loc: self.loc, findings: self.findings }));
            self.loc.pop();
        }
        values.into_iter().collect()
    }

    fn note<T>(&mut self, problem: Problem) -> Option<T> {
        self.findings.push(Finding::Problem(problem));
        None
    }
}

/// A field of a PATCH.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Not sent: leave as it is.
    #[default]
    Absent,
    /// Sent as null: clear.
    Null,
    /// Sent: write.
    Value(T),
}

impl<T> Patch<T> {
    /// The form in which Diesel's changesets take it.
    pub fn into_change(self) -> Option<Option<T>> {
        match self {
            Self::Absent => None,
            Self::Null => Some(None),
            Self::Value(value) => Some(Some(value)),
        }
    }

    /// The value, if one was sent.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// True unless the key was left out.
    pub fn is_sent(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// Changes the value, where there is one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Absent => Patch::Absent,
            Self::Null => Patch::Null,
            Self::Value(value) => Patch::Value(change(value)),
        }
    }
}
