//! `[limits]`: how much one caller may ask for.

use serde::Deserialize;

use crate::config::ConfigError;

/// `[limits]`: requests a second in the long run, and how many at once before that counts. Each instance counts for itself. Where
/// `auth.mode` is `disabled` nobody is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Requests a second of one caller who says who he is; 0 for any number. Default 100.
    pub caller_rate: u32,
    /// As many at once. Default 1000.
    pub caller_burst: u32,
    /// Requests a second from one address whose callers do not say who they are; 0 for any number. Default 20.
    pub address_rate: u32,
    /// As many at once. Default 200.
    pub address_burst: u32,
    /// Tokens and keys a minute from one address that are not accepted: after that, none of its callers is let in until a while has
    /// passed; 0 for any number. Default 60.
    pub refused_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { caller_rate: 100, caller_burst: 1000, address_rate: 20, address_burst: 200, refused_per_minute: 60 }
    }
}

/// More than any machine answers: a larger number is a mistake.
const MOST: u32 = 1_000_000;

impl Limits {
    pub(in crate::config) fn check(self) -> Result<(), ConfigError> {
        let wrong = |key, reason: &str| Err(ConfigError::Value { key, reason: reason.to_owned() });
        for (key, value) in [
            ("limits.caller_rate", self.caller_rate),
            ("limits.caller_burst", self.caller_burst),
            ("limits.address_rate", self.address_rate),
            ("limits.address_burst", self.address_burst),
            ("limits.refused_per_minute", self.refused_per_minute),
        ] {
            if value > MOST {
                return wrong(key, "at most 1000000");
            }
        }
        if self.caller_rate > 0 && self.caller_burst == 0 {
            return wrong("limits.caller_burst", "at least 1");
        }
        if self.address_rate > 0 && self.address_burst == 0 {
            return wrong("limits.address_burst", "at least 1");
        }
        Ok(())
    }

    /// The effective settings, for people.
    pub fn table(self) -> Vec<(String, String)> {
        let rate = |rate: u32, burst: u32| match rate {
            0 => "any number".to_owned(),
            rate => format!("{rate} requests a second, {burst} at once"),
        };
        let refused = match self.refused_per_minute {
            0 => "any number".to_owned(),
            refused => format!("{refused} a minute"),
        };
        vec![
            ("limits.caller".to_owned(), rate(self.caller_rate, self.caller_burst)),
            ("limits.address".to_owned(), rate(self.address_rate, self.address_burst)),
            ("limits.refused".to_owned(), refused),
        ]
    }
}
