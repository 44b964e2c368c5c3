//! What stands beside the code is true: links lead somewhere, deployment examples pass the check.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(directory: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let hidden = path.file_name().unwrap().to_string_lossy().starts_with('.');
        if path.is_dir() && !hidden && path.file_name().unwrap() != "target" {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The targets of `[text](target)` links.
fn links(text: &str) -> Vec<String> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).map(str::to_owned).collect()
}

#[test]
fn every_relative_link_leads_to_a_file() {
    let mut followed = 0;
    for document in files(&root(), ".md") {
        let text = std::fs::read_to_string(&document).unwrap();
        for link in links(&text) {
            let target = link.split('#').next().unwrap();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            assert!(!target.starts_with('/'), "{}: {link} is absolute", document.display());
            assert!(document.parent().unwrap().join(target).exists(), "{}: {link} leads nowhere", document.display());
            followed += 1;
        }
    }
    assert!(followed > 20, "{followed} links followed");
}

#[test]
fn every_decision_is_in_the_index() {
    let index = std::fs::read_to_string(root().join("ADR/README.md")).unwrap();
    for decision in files(&root().join("ADR"), ".md") {
        let name = decision.file_name().unwrap().to_str().unwrap();
        if name != "README.md" {
            assert!(index.contains(&format!("]({name})")), "{name} is not in the index");
            let text = std::fs::read_to_string(&decision).unwrap();
            for part in ["Context", "Decision", "Consequences", "Rejected"] {
                assert!(text.contains(&format!("## {part}")), "{name} has no section {part}");
            }
        }
    }
}

#[test]
fn the_deployment_examples_pass_the_check() {
    let examples = files(&root().join("deploy"), ".toml");
    assert!(examples.len() >= 2);
    for example in examples {
        let text = std::fs::read_to_string(&example).unwrap();
        let tier =
            text.lines().find_map(|line| line.strip_prefix("# database-tier: ")).expect("names its database tier");
        let number = |key: &str| -> i64 {
            let value = tier.split_whitespace().find_map(|word| word.strip_prefix(&format!("{key}="))).unwrap();
            value.parse().unwrap()
        };
        let usable = number("max_connections") - number("reserved");
        let check = |usable: i64, instances: Option<&str>| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_ocotillo"));
            command.args(["check", "--config", example.to_str().unwrap(), "--max-connections", &usable.to_string()]);
            command.args(instances.map(|instances| ["--instances", instances]).into_iter().flatten());
            command.env("DATABASE_URL", "postgres://ocotillo@database/ocotillo").output().unwrap()
        };
        let output = check(usable, None);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{}: {text}{}", example.display(), String::from_utf8_lossy(&output.stderr));
        assert!(text.contains("worst_case_connections"));
        assert!(!check(usable, Some("1000")).status.success(), "a thousand instances cannot fit");
    }
}
