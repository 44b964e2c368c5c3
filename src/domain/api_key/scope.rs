//! What a key may do, in words.

use std::fmt;

use crate::domain::principal::{Grants, Role};

use Role::{Admin, AmpAdmin, AmpEditor, AmpViewer, Editor, LexiconEditor, OgcInternal, Viewer};

/// A word as it is stored, as the command line has it, and what it grants.
type Word = (&'static str, &'static str, &'static [Role]);

const OGC_INTERNAL: Word = ("ogc_internal", "ogc-internal", &[OgcInternal]);

/// The words that a scope is made of. The first ones are for both families of routes.
const WORDS: [Word; 8] = [
    ("admin", "admin", &[Admin, AmpAdmin, LexiconEditor, OgcInternal]),
    ("editor", "editor", &[Editor, AmpEditor]),
    ("viewer", "viewer", &[Viewer, AmpViewer]),
    ("amp_admin", "amp-admin", &[AmpAdmin]),
    ("amp_editor", "amp-editor", &[AmpEditor]),
    ("amp_viewer", "amp-viewer", &[AmpViewer]),
    ("lexicon_editor", "lexicon-editor", &[LexiconEditor]),
    OGC_INTERNAL,
];

/// The roles of a key. Words that are included in others are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope(Vec<Word>);

impl Scope {
    /// The scope of keys that people make for themselves.
    pub fn ogc_internal() -> Self {
        Self(vec![OGC_INTERNAL])
    }

    /// All words, as the command line has them.
    pub fn words() -> [&'static str; 8] {
        WORDS.map(|(_, word, _)| word)
    }

    /// The scope that is made of these words, in either spelling. Words that nobody knows grant nothing: a newer version may
    /// have stored them.
    pub fn of<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let meant: Vec<&str> = words.into_iter().collect();
        let meant: Vec<Word> =
            WORDS.into_iter().filter(|(word, spelt, _)| meant.contains(word) || meant.contains(spelt)).collect();
        let included = |(word, _, roles): &Word| {
            let mut others = meant.iter().filter(|(other, ..)| other != word);
            others.any(|(.., held)| {
                let held = Grants::Some(held.to_vec());
                roles.iter().all(|role| held.include(*role))
            })
        };
        Self(meant.iter().filter(|word| !included(word)).copied().collect())
    }

    /// What it grants.
    pub fn grants(&self) -> Grants {
        Grants::Some(self.0.iter().flat_map(|(.., roles)| roles.iter().copied()).collect())
    }
}

/// As it is stored and shown.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|(word, ..)| *word).collect();
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(text: &str) -> Scope {
        Scope::of(text.split(' '))
    }

    #[test]
    fn an_admin_may_do_everything() {
        let grants = scope("admin").grants();
        for role in [Viewer, Editor, Admin, AmpViewer, AmpEditor, AmpAdmin, LexiconEditor, OgcInternal] {
            assert!(grants.include(role), "{role:?}");
        }
        assert_eq!(scope(&WORDS.map(|(word, ..)| word).join(" ")).to_string(), "admin");
    }

    #[test]
    fn words_are_stored_once_each() {
        assert_eq!(scope("ogc-internal viewer editor editor amp_viewer").to_string(), "editor ogc_internal");
        assert_eq!(scope("amp-admin viewer").to_string(), "viewer amp_admin");
        assert_eq!(scope("root ").to_string(), "");
        assert_eq!(Scope::of(Scope::words()).to_string(), "admin");
        let grants = scope("viewer").grants();
        assert!(grants.include(Viewer) && grants.include(AmpViewer));
        assert!(!grants.include(Editor) && !grants.include(OgcInternal) && !grants.include(LexiconEditor));
        assert!(WORDS.iter().map(|(word, ..)| word.len() + 1).sum::<usize>() <= 100, "fits its column");
    }
}
