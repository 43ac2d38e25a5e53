//! What others do: one big alternation in the regular expressions of Node and of Python, on the same texts.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::generate::{Manner, posts};

const NODE: &str = r#"
const lines = require('fs').readFileSync(0, 'utf8').split('\n');
const [terms, patterns, texts] = lines.slice(0, 3).map(l => l.split('\x01'));
const escape = s => s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const time = (run) => { let best = Infinity; for (let i = 0; i < 3; i++) { const t = process.hrtime.bigint(); run();
  best = Math.min(best, Number(process.hrtime.bigint() - t) / 1e3 / texts.length); } return best; };
const all = (re) => time(() => { for (const t of texts) for (const m of t.matchAll(re)) m.index; });
const big = new RegExp('(?:' + patterns.join(')|(?:') + ')', 'gi');
const words = new RegExp('\\b(?:' + terms.map(escape).join('|') + ')\\b', 'gi');
console.log(all(big).toFixed(0) + ' ' + all(words).toFixed(0));
"#;
const PYTHON: &str = r#"
import re, sys, time
terms, patterns, texts = [l.split('\x01') for l in sys.stdin.read().split('\n')[:3]]
def all(pattern, texts):
    start = time.perf_counter()
    for t in texts:
        for m in pattern.finditer(t): m.span()
    return (time.perf_counter() - start) * 1e6 / len(texts)
big = re.compile('(?:' + ')|(?:'.join(patterns) + ')', re.I)
words = re.compile(r'\b(?:' + '|'.join(map(re.escape, terms)) + r')\b', re.I)
print('%.0f %.0f' % (all(big, texts[:20]), all(words, texts[:4])))
"#;

/// Terms that the peers get: with more of them they take minutes.
const TERMS: usize = 1_000;

pub fn print(names: &[String], patterns: &[(String, Vec<String>)]) {
    let texts: Vec<String> = posts(Manner::Plain, 1_000, 100);
    let texts: Vec<String> = texts.iter().map(|text| text.replace('\n', " ")).collect();
    let patterns: Vec<String> = patterns
        .iter()
        .map(|(p, _)| p.replace("(?-u:\\b)", "\\b"))
        .collect();
    let names: Vec<&str> = names.iter().take(TERMS).map(String::as_str).collect();
    let input = format!(
        "{}\n{}\n{}\n",
        names.join("\x01"),
        patterns.join("\x01"),
        texts.join("\x01")
    );
    println!(
        "## Peers, posts of 1 KB, all matches\n| peer | 300 patterns, us | 1,000 terms, us |\n|---|---|---|"
    );
    for (name, program, flag, script) in [
        ("Node, one RegExp", "node", "-e", NODE),
        ("Python re, one pattern", "python3", "-c", PYTHON),
    ] {
        match run(program, flag, script, &input) {
            Some(figures) => {
                let (big, terms) = figures.trim().split_once(' ').unwrap_or(("?", "?"));
                println!("| {name} | {big} | {terms} |");
            }
            None => println!("| {name} | skipped: `{program}` is not on this machine | |"),
        }
    }
    println!();
}

fn run(program: &str, flag: &str, script: &str, input: &str) -> Option<String> {
    let mut child = Command::new(program)
        .args([flag, script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(input.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
