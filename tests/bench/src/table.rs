//! The table that is printed: ours beside the bare figure, and the goals.

use crate::figures::median;

/// What is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// A rate.
    More,
    /// A time, or memory.
    Less,
}

/// What ours is held against.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    /// A ratio to the bare figure.
    Ratio(f64),
    /// A value.
    Value(f64),
    /// Nothing: it is told for itself.
    None,
}

/// One line.
pub struct Line {
    /// What was measured, with its unit.
    pub what: &'static str,
    /// Which way is better.
    pub better: Better,
    /// What must be reached.
    pub goal: Goal,
    /// What should be reached.
    pub aim: Goal,
    /// The bare figures, one a round.
    pub bare: Vec<f64>,
    /// Ours, one a round.
    pub ours: Vec<f64>,
}

impl Line {
    /// A line without figures.
    pub const fn new(what: &'static str, better: Better, goal: Goal, aim: Goal) -> Self {
        Self {
            what,
            better,
            goal,
            aim,
            bare: Vec::new(),
            ours: Vec::new(),
        }
    }

    /// Adds the figures of a round.
    pub fn add(&mut self, bare: f64, ours: f64) {
        self.bare.push(bare);
        self.ours.push(ours);
    }

    /// Adds a figure of ours that has no bare one beside it.
    pub fn tell(&mut self, ours: f64) {
        self.ours.push(ours);
    }

    /// The median of the rounds' ratios: a busy minute strikes both sides of a round.
    fn ratio(&self) -> f64 {
        let rounds = self.ours.iter().zip(&self.bare);
        median(&rounds.map(|(ours, bare)| ours / bare).collect::<Vec<_>>())
    }

    /// Whether it is reached; a line without figures is not missed.
    fn reached(&self, goal: Goal) -> bool {
        let (value, limit) = match goal {
            _ if self.ours.is_empty() => return true,
            Goal::Ratio(limit) => (self.ratio(), limit),
            Goal::Value(limit) => (median(&self.ours), limit),
            Goal::None => return true,
        };
        match self.better {
            Better::More => value >= limit,
            Better::Less => value <= limit,
        }
    }

    /// Whether the goal is missed.
    pub fn missed(&self) -> bool {
        !self.reached(self.goal)
    }

    fn cells(&self) -> [String; 6] {
        let (bare, ours) = (with_spread(&self.bare), with_spread(&self.ours));
        let ratio = match (self.ours.is_empty(), self.bare.is_empty()) {
            (true, _) => "left out".to_owned(),
            (false, true) => String::new(),
            (false, false) => format!("{:.2} x", self.ratio()),
        };
        let with_mark = |goal: Goal| match (goal, self.reached(goal)) {
            (Goal::None, _) => String::new(),
            (goal, true) => format!("{} yes", self.limit(goal)),
            (goal, false) => format!("{} NO", self.limit(goal)),
        };
        let (goal, aim) = (with_mark(self.goal), with_mark(self.aim));
        [self.what.to_owned(), bare, ours, ratio, goal, aim]
    }

    fn limit(&self, goal: Goal) -> String {
        let sign = match self.better {
            Better::More => ">=",
            Better::Less => "<=",
        };
        match goal {
            Goal::Ratio(limit) => format!("{sign} {limit:.2} x"),
            Goal::Value(limit) => format!("{sign} {limit}"),
            Goal::None => String::new(),
        }
    }
}

/// The median, and the least and the most; nothing of nothing.
fn with_spread(all: &[f64]) -> String {
    if all.is_empty() {
        return String::new();
    }
    let least = all.iter().copied().fold(f64::INFINITY, f64::min);
    let most = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    format!("{} ({}..{})", short(median(all)), short(least), short(most))
}

/// Three digits, more where there are more before the point.
fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// The lines as a Markdown table.
pub fn markdown(lines: &[&Line]) -> String {
    let head = ["what", "bare", "ours", "ratio", "goal", "aim"].map(str::to_owned);
    let mut rows = vec![head];
    rows.extend(lines.iter().map(|line| line.cells()));
    let mut widths = [0; 6];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(widths);
        let cells: Vec<_> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let rule = widths.map(|width| "-".repeat(width));
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        text.push_str(&line(row));
        if number == 0 {
            text.push_str(&line(&rule));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_whether_goal_and_aim_are_reached_by_the_medians() {
        let mut line = Line::new("posts/s", Better::More, Goal::Ratio(0.2), Goal::Ratio(0.4));
        for (bare, ours) in [(100.0, 10.0), (110.0, 30.0), (90.0, 31.0)] {
            line.add(bare, ours);
        }
        assert!(!line.missed());
        assert_eq!(
            line.cells(),
            [
                "posts/s",
                "100 (90.0..110)",
                "30.0 (10.0..31.0)",
                "0.27 x",
                ">= 0.20 x yes",
                ">= 0.40 x NO"
            ]
        );
    }

    #[test]
    fn a_time_is_better_when_it_is_less() {
        let mut line = Line::new("ms", Better::Less, Goal::Value(25.0), Goal::Value(10.0));
        line.add(1.0, 26.0);
        assert!(line.missed());
    }
}
