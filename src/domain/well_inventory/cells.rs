//! The cells of one row, read by their columns; what is wrong with them is collected.

use std::fmt::Display;

use chrono::NaiveDate;

use crate::domain::measure::local_time;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::well_inventory::columns::Columns;
use crate::domain::well_inventory::{RowProblem, Terms};

/// What stands for the columns of a rule over several.
const COMPOSITE: &str = "composite field error";

/// A row that is being read.
pub(in crate::domain::well_inventory) struct Cells<'r> {
    row: usize,
    columns: &'r Columns,
    values: &'r [&'r str],
    terms: &'r Terms,
    pub problems: Vec<RowProblem>,
}

impl<'r> Cells<'r> {
    pub fn new(row: usize, columns: &'r Columns, values: &'r [&'r str], terms: &'r Terms) -> Self {
        Self { row, columns, values, terms, problems: Vec::new() }
    }

    /// The cell, trimmed; blank is null.
    pub fn get(&self, column: &str) -> Option<&'r str> {
        let text = self.values.get(self.columns.place(column)?)?.trim();
        (!text.is_empty()).then_some(text)
    }

    pub fn has(&self, column: &str) -> bool {
        self.get(column).is_some()
    }

    /// Says what is wrong with a cell.
    pub fn refuse(&mut self, column: &str, error: impl Display) {
        let value = self.get(column).map(str::to_owned);
        self.problems.push(RowProblem { row: self.row, field: column.to_owned(), error: error.to_string(), value });
    }

    /// Says what is wrong with several cells together.
    pub fn refuse_together(&mut self, rule: impl Display) {
        let (field, error) = (COMPOSITE.to_owned(), format!("Value error, {rule}"));
        self.problems.push(RowProblem { row: self.row, field, error, value: None });
    }

    /// A text without NUL, which PostgreSQL cannot store, of at most so many characters.
    pub fn text(&mut self, column: &str, most: usize) -> Option<String> {
        let text = self.get(column)?;
        if text.contains('\0') {
            self.refuse(column, "Value error, Text must not contain NUL characters");
            return None;
        }
        if text.chars().count() > most {
            self.refuse(column, format!("String should have at most {most} characters"));
            return None;
        }
        Some(text.to_owned())
    }

    pub fn number(&mut self, column: &str) -> Option<f64> {
        match self.get(column)?.parse::<f64>() {
            Ok(number) if number.is_finite() => Some(number),
            Ok(_) => {
                self.refuse(column, "Input should be a finite number");
                None
            }
            Err(_not_a_number) => {
                self.refuse(column, "Input should be a valid number, unable to parse string as a number");
                None
            }
        }
    }

    pub fn positive(&mut self, column: &str) -> Option<f64> {
        let number = self.number(column)?;
        if number <= 0.0 {
            self.refuse(column, "Input should be greater than 0");
            return None;
        }
        Some(number)
    }

    pub fn boolean(&mut self, column: &str) -> Option<bool> {
        match self.get(column)?.to_ascii_lowercase().as_str() {
            "1" | "true" | "t" | "yes" | "y" | "on" => Some(true),
            "0" | "false" | "f" | "no" | "n" | "off" => Some(false),
            _ => {
                self.refuse(column, "Input should be a valid boolean, unable to interpret input");
                None
            }
        }
    }

    pub fn past_time(&mut self, column: &str) -> Option<UtcDateTime> {
        match local_time::parse(self.get(column)?) {
            Ok(time) if time > UtcDateTime::now() => {
                self.refuse(column, "Value error, Datetime must be in the past.");
                None
            }
            Ok(time) => Some(time),
            Err(error) => {
                self.refuse(column, error);
                None
            }
        }
    }

    pub fn past_date(&mut self, column: &str) -> Option<NaiveDate> {
        match local_time::date(self.get(column)?) {
            Ok(date) if date > UtcDateTime::now().date() => {
                self.refuse(column, "Value error, Date must be today or in the past.");
                None
            }
            Ok(date) => Some(date),
            Err(reason) => {
                self.refuse(column, format!("Input should be a valid date or datetime, {reason}"));
                None
            }
        }
    }

    /// A term of a category, in the vocabulary's spelling.
    pub fn term(&mut self, column: &str, category: &str) -> Option<String> {
        let sent = self.get(column)?;
        match self.terms.find(category, sent) {
            Ok(term) => Some(term.to_owned()),
            Err(expected) => {
                self.refuse(column, format!("Input should be {expected}"));
                None
            }
        }
    }
}
