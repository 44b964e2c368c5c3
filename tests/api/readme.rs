//! The README's tour: each of its commands is run against the example, and answers what stands below it.

use std::process::Command;

const ADDRESS: &str = "127.0.0.1:8080";

/// A command with what it prints.
struct Step {
    command: String,
    answer: String,
}

/// The commands of the tour: lines that begin with `$ `, continued by lines that are indented.
fn steps(readme: &str) -> Vec<Step> {
    let tour = readme.split("\n## A tour\n").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
    let mut steps: Vec<Step> = Vec::new();
    for block in tour.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap()) {
        let mut in_command = false;
        for line in block.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                steps.push(Step { command: command.to_owned(), answer: String::new() });
                in_command = true;
            } else if let Some(step) = steps.last_mut().filter(|_| block.starts_with("$ ")) {
                in_command &= line.starts_with(' ');
                let part = if in_command { &mut step.command } else { &mut step.answer };
                part.push('\n');
                part.push_str(line);
            }
        }
    }
    steps
}

/// Whether a text is what is described, where `...` stands for anything. Blanks and ends of lines do not count.
fn is(text: &str, described: &str) -> bool {
    let dense = |text: &str| text.split_whitespace().collect::<String>();
    let (text, described) = (dense(text), dense(described));
    let mut parts = described.split("...");
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[test]
fn what_is_described_is_compared() {
    for (text, described) in
        [("a b", "ab"), ("abc", "a...c"), ("abc", "..."), ("abcbc", "a...bc"), ("ab\nc", "a...b...c")]
    {
        assert!(is(text, described), "{text} {described}");
    }
    for (text, described) in [("abc", "ab"), ("abc", "b...c"), ("abc", "a...b"), ("abc", "a...bc...c"), ("", "a")] {
        assert!(!is(text, described), "{text} {described}");
    }
}

both! {
    fn the_tour_answers_as_it_says(db: Database) {
        crate::import::executor(&db).write_blocking(ocotillo::import::demo::load).unwrap();
        let app = db.start();
        let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
        let steps = steps(&readme);
        assert!(steps.len() >= 10, "{} commands", steps.len());
        for Step { command, answer } in steps {
            assert!(command.contains(ADDRESS), "{command}");
            let here = command.replace(ADDRESS, app.client.address());
            let output = Command::new("bash").args(["-c", &here]).output().expect("bash and curl");
            let printed = String::from_utf8(output.stdout).unwrap();
            assert!(is(&printed, &answer), "{command}\n{printed}\nis not\n{answer}");
        }
    }
}
