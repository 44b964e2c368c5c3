//! Reading a JSON body: all problems at once, each with its place, in the order of the fields.
//!
//! This is the one place between wire types and rows where payloads are normalised: absent, null and empty values,
//! trimmed text, lax numbers, dates, nested lists, vocabulary terms. A body type implements [`FromForm`] and says
//! per field which reader of [`crate::domain::request::fields`] applies.
//!
//! Vocabulary lives in the database, so a reader only notes which term of which category was meant
//! ([`TermCheck`]); the store resolves these checks inside the request's own transaction and merges the outcome into the
//! list of problems at the place where the field stands.

use serde_json::{Map, Value, json};

use crate::domain::request::problem::{LocPart, MOST_PROBLEMS, Problem, echo};

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

/// The most items of a list in a body, where nothing else is said.
pub const MOST_ITEMS: usize = 1000;

/// A body that was read: its value, and what was found on the way.
#[derive(Clone, Debug)]
pub struct Parsed<T> {
    value: Option<T>,
    findings: Findings,
}

/// What was found, in order. Problems beyond [`MOST_PROBLEMS`] are only counted.
#[derive(Clone, Debug, Default)]
struct Findings {
    list: Vec<Finding>,
    problems: usize,
}

impl Findings {
    fn note(&mut self, problem: impl FnOnce() -> Problem) {
        self.problems += 1;
        if self.problems <= MOST_PROBLEMS {
            self.list.push(Finding::Problem(problem()));
        }
    }
}

impl<T: FromForm> Parsed<T> {
    /// Reads a body. Anything but an object is a problem of the body as a whole.
    pub fn read(body: &Value) -> Self {
        let mut findings = Findings::default();
        let mut loc = vec![LocPart::from("body")];
        let mut slot = Slot { value: body, loc: &mut loc, findings: &mut findings };
        let value = T::read_from(&mut slot);
        Self { value, findings }
    }
}

impl<T> Parsed<T> {
    /// The value, when it could be read: its terms are not looked up yet.
    pub fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The same for what is made of the value.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Parsed<U> {
        Parsed { value: self.value.map(make), findings: self.findings }
    }

    /// The terms to look up.
    pub fn terms(&self) -> impl Iterator<Item = &TermCheck> {
        self.findings.list.iter().filter_map(|finding| match finding {
            Finding::Term(check) => Some(check),
            Finding::Problem(_) => None,
        })
    }

    /// The value, or the problems in order: all, or as many as an answer lists and how many more there are. `judge` says what is
    /// wrong with a term, if anything.
    pub fn resolve(self, mut judge: impl FnMut(&TermCheck) -> Option<Problem>) -> Result<T, Vec<Problem>> {
        let Findings { list, problems: noted } = self.findings;
        let mut left_out = noted.saturating_sub(MOST_PROBLEMS);
        let mut problems = Vec::new();
        for finding in list {
            let problem = match finding {
                Finding::Problem(problem) => Some(problem),
                Finding::Term(check) => judge(&check),
            };
            match problem {
                Some(problem) if problems.len() < MOST_PROBLEMS => problems.push(problem),
                Some(_) => left_out += 1,
                None => {}
            }
        }
        if left_out > 0 {
            problems.push(Problem::more(left_out));
        }
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
    findings: &'a mut Findings,
}

impl Form<'_> {
    /// A field that must be there. Null is handed to the reader, which refuses or takes it.
    pub fn required<T>(&mut self, name: &'static str, read: impl FnOnce(&mut Slot<'_>) -> Option<T>) -> Option<T> {
        match self.fields.get(name) {
            Some(value) => self.at(name, value, read),
            None => {
                let loc = self.place(name);
                self.findings.note(|| Problem::new("missing", loc, "Field required", echo(self.whole)));
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

    /// All other fields than these, as they were sent.
    pub fn others(&self, known: &[&str]) -> Value {
        let others = self.fields.iter().filter(|(name, _)| !known.contains(&name.as_str()));
        others.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Notes every field that is not among the known ones: for the few bodies that take nothing else.
    pub fn forbid_others(&mut self, known: &[&str]) {
        let fields = self.fields;
        for (name, value) in fields.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
            let mut loc = self.loc.clone();
            loc.push(LocPart::Name(name.clone().into()));
            self.findings.note(|| Problem::new("extra_forbidden", loc, "Extra inputs are not permitted", echo(value)));
        }
    }

    /// Notes a rule of this object that is broken. The place is the object itself.
    pub fn refuse(&mut self, message: &str) {
        self.findings.note(|| Problem::value_error(self.loc.clone(), message, echo(self.whole)));
    }

    /// Notes a rule that a field breaks, by what else there is in the object.
    pub fn refuse_at(&mut self, name: &'static str, message: &str) {
        let loc = self.place(name);
        let input = self.fields.get(name).map_or(Value::Null, echo);
        self.findings.note(|| Problem::value_error(loc, message, input));
    }

    fn place(&self, name: &'static str) -> Vec<LocPart> {
        let mut loc = self.loc.clone();
        loc.push(name.into());
        loc
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
    findings: &'a mut Findings,
}

impl Slot<'_> {
    /// Notes a problem of the sort `kind`; always `None`, to be returned.
    pub fn refuse<T>(&mut self, kind: &'static str, message: impl Into<String>) -> Option<T> {
        self.note(|sent, loc| Problem::new(kind, loc, message, echo(sent)))
    }

    /// As [`Self::refuse`] with the numbers behind the message.
    pub fn refuse_with<T>(&mut self, kind: &'static str, message: impl Into<String>, ctx: Value) -> Option<T> {
        self.note(|sent, loc| Problem::new(kind, loc, message, echo(sent)).with_ctx(ctx))
    }

    /// Notes that a rule of our own is broken.
    pub fn refuse_value<T>(&mut self, message: impl std::fmt::Display) -> Option<T> {
        self.note(|sent, loc| Problem::value_error(loc, message, echo(sent)))
    }

    /// As [`Self::refuse_value`], at a place below this value.
    pub fn refuse_below<T>(&mut self, path: Vec<LocPart>, message: impl std::fmt::Display) -> Option<T> {
        let found = path.iter().try_fold(self.value, |value, part| match part {
            LocPart::Name(name) => value.get(name.as_ref()),
            LocPart::Index(at) => value.get(*at),
        });
        let input = found.map(echo).unwrap_or_default();
        let mut loc = self.loc.clone();
        loc.extend(path);
        self.note(|_, _| Problem::value_error(loc, message, input))
    }

    /// Notes that `term` must be in the vocabulary.
    pub fn expect_term(&mut self, rule: TermRule, term: &str) {
        self.findings.list.push(Finding::Term(TermCheck { rule, loc: self.loc.clone(), term: term.to_owned() }));
    }

    /// Reads each element of a list at its own place. All elements are read, so that all problems are noted.
    pub fn each<T>(&mut self, read: impl FnMut(&mut Slot<'_>) -> Option<T>) -> Option<Vec<T>> {
        self.each_up_to(MOST_ITEMS, read)
    }

    /// As [`Self::each`], for lists of at most so many elements.
    pub fn each_up_to<T>(&mut self, most: usize, mut read: impl FnMut(&mut Slot<'_>) -> Option<T>) -> Option<Vec<T>> {
        let Value::Array(items) = self.value else {
            return self.refuse("list_type", "Input should be a valid list");
        };
        let length = items.len();
        if length > most {
            let message = format!("List should have at most {most} items after validation, not {length}");
            let ctx = json!({"field_type": "List", "max_length": most, "actual_length": length});
            return self.refuse_with("too_long", message, ctx);
        }
        let mut values = Vec::with_capacity(items.len());
        for (at, value) in items.iter().enumerate() {
            self.loc.push(LocPart::Index(at));
            values.push(read(&mut Slot { value, loc: self.loc, findings: self.findings }));
            self.loc.pop();
        }
        values.into_iter().collect()
    }

    fn note<T>(&mut self, problem: impl FnOnce(&Value, Vec<LocPart>) -> Problem) -> Option<T> {
        let Slot { value, loc, findings } = self;
        findings.note(|| problem(value, loc.clone()));
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

/// The text, unless it is empty.
pub fn not_blank(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

impl Patch<String> {
    /// The same, with empty text as null.
    #[must_use]
    pub fn not_blank(self) -> Self {
        match self {
            Self::Value(text) if text.is_empty() => Self::Null,
            other => other,
        }
    }
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

    /// What is stored in a new row: the value, nothing for null, and `default` for a field that was left out.
    pub fn or_absent(self, default: T) -> Option<T> {
        match self {
            Self::Absent => Some(default),
            Self::Null => None,
            Self::Value(value) => Some(value),
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::domain::request::fields as read;

    #[derive(Debug, PartialEq)]
    struct Well {
        name: String,
        depth: Option<f64>,
        drilled: Option<chrono::NaiveDate>,
        purposes: Vec<String>,
        screens: Vec<Screen>,
        comment: Patch<String>,
    }

    #[derive(Debug, PartialEq)]
    struct Screen {
        top: f64,
        material: Option<String>,
    }

    impl FromForm for Well {
        fn from_form(form: &mut Form<'_>) -> Option<Self> {
            let name = form.required("name", read::name(10));
            let depth = form.optional("depth", read::positive);
            let drilled = form.optional("drilled", read::past_date);
            let purposes = form.or("purposes", Vec::new(), read::list(read::term("well_purpose")));
            let screens = form.or("screens", Vec::new(), read::list(object));
            let comment = form.patch("comment", read::line(5));
            Some(Self {
                name: name?,
                depth: depth?,
                drilled: drilled?,
                purposes: purposes?,
                screens: screens?,
                comment: comment?,
            })
        }
    }

    impl FromForm for Screen {
        fn from_form(form: &mut Form<'_>) -> Option<Self> {
            let top = form.required("top", read::not_negative);
            let material = form.optional("material", read::term("screen_type"));
            if form.has("material") && !form.has("top") {
                form.refuse("a material needs a top");
            }
            Some(Self { top: top?, material: material? })
        }
    }

    /// Knows the terms PVC and Irrigation.
    fn read_well(body: &Value) -> Result<Well, Vec<Problem>> {
        Parsed::<Well>::read(body).resolve(|check| {
            let known = ["PVC", "Irrigation"].contains(&check.term.as_str());
            (!known).then(|| Problem::new("enum", check.loc.clone(), "unknown", json!(check.term)))
        })
    }

    fn kinds(body: &Value) -> Vec<(String, Value)> {
        let place = |problem: &Problem| serde_json::to_value(&problem.loc).unwrap();
        read_well(body).unwrap_err().iter().map(|problem| (problem.kind.to_string(), place(problem))).collect()
    }

    #[test]
    fn values_are_normalised() {
        let well = read_well(&json!({
            "name": "  A-1 ", "depth": "12.50", "drilled": " 2020-02-29", "purposes": [" Irrigation "],
            "screens": [{"top": 0, "material": null}, {"top": "7", "material": "PVC"}], "comment": " no ", "unknown": {}
        }))
        .unwrap();
        assert_eq!((well.name.as_str(), well.depth), ("A-1", Some(12.5)));
        assert_eq!(well.drilled.unwrap().to_string(), "2020-02-29");
        assert_eq!(well.purposes, ["Irrigation"]);
        assert_eq!(well.screens[1], Screen { top: 7.0, material: Some("PVC".to_owned()) });
        assert_eq!(well.comment, Patch::Value("no".to_owned()));
    }

    #[test]
    fn absent_null_and_value_differ_in_a_patch_only() {
        let least = read_well(&json!({"name": "A"})).unwrap();
        assert_eq!((least.depth, least.purposes.len(), least.comment), (None, 0, Patch::Absent));
        let nulls =
            json!({"name": "A", "depth": null, "drilled": null, "purposes": null, "screens": null, "comment": null});
        let nulls = read_well(&nulls).unwrap();
        assert_eq!((nulls.depth, nulls.screens.len(), nulls.comment), (None, 0, Patch::Null));
        assert_eq!(Patch::<u8>::Null.into_change(), Some(None));
        assert_eq!(Patch::<u8>::Absent.into_change(), None);
        assert_eq!(Patch::Value(7).into_change(), Some(Some(7)));
    }

    #[test]
    fn all_problems_come_out_in_the_order_of_the_fields() {
        let body = json!({
            "comment": "too long", "screens": [{"top": 1}, {"material": "Bamboo"}, 5], "purposes": ["Irrigation", "Fun", 3],
            "drilled": "9999-01-01", "depth": 0, "name": "   "
        });
        assert_eq!(
            kinds(&body),
            [
                ("string_too_short", json!(["body", "name"])),
                ("greater_than", json!(["body", "depth"])),
                ("value_error", json!(["body", "drilled"])),
                ("enum", json!(["body", "purposes", 1])),
                ("string_type", json!(["body", "purposes", 2])),
                ("missing", json!(["body", "screens", 1, "top"])),
                ("enum", json!(["body", "screens", 1, "material"])),
                ("value_error", json!(["body", "screens", 1])),
                ("model_attributes_type", json!(["body", "screens", 2])),
                ("string_too_long", json!(["body", "comment"])),
            ]
            .map(|(kind, place)| (kind.to_owned(), place))
        );
    }

    #[test]
    fn wrong_types_are_named() {
        for (value, kind) in [
            (json!("deep"), "float_parsing"),
            (json!("inf"), "finite_number"),
            (json!([1]), "float_type"),
            (json!(-1), "greater_than"),
        ] {
            assert_eq!(kinds(&json!({"name": "A", "depth": value}))[0].0, kind, "{value}");
        }
        for (value, kind) in [
            (json!(20_200_229), "date_type"),
            (json!("2020-02-30"), "date_from_datetime_parsing"),
            (json!("2020-02-29T10:00:00Z"), "date_from_datetime_inexact"),
        ] {
            assert_eq!(kinds(&json!({"name": "A", "drilled": value}))[0].0, kind, "{value}");
        }
        assert_eq!(kinds(&json!({"name": null}))[0].0, "string_type");
        assert_eq!(kinds(&json!({"name": "A", "purposes": "Irrigation"}))[0].0, "list_type");
        assert_eq!(kinds(&json!([]))[0], ("model_attributes_type".to_owned(), json!(["body"])));
    }
}
