//! The figures as Markdown.

use crate::report::{best, worst};
use crate::scenario::selfish::{self, Tie};
use crate::scenario::step::Step;
use crate::scenario::{liar, network, night};
use crate::{Candidate, Effort, Report, THIRTY_TABS, percentile};
use std::fmt::Write;

/// A column: its title and how to make its cells.
type Column = (&'static str, fn(&Report) -> String);

const BARS: [Column; 10] = [
    ("x30: 50 / 90 / 99 %", |r| blocks(&r.up)),
    ("/30: 50 / 90 / 99 %", |r| blocks(&r.down)),
    ("fall to 1/170: minutes, 50 / 90 %", |r| fall(r, 1)),
    ("to 1/1000", |r| fall(r, 2)),
    ("ramp, 10 / 20 / 30 %", |r| ramps(r)),
    ("night: over 3 blocks", |r| percent(r.night.crowded())),
    ("from the first block", |r| percent(r.night.crowded_from_first())),
    ("best lie, 15 %", |r| signed(best(&r.lies[0]))),
    ("33 %", |r| signed(best(&r.lies[1]))),
    ("45 %", |r| signed(best(&r.lies[2]))),
];

const BESIDES: [Column; 13] = [
    ("mean spacing", |r| format!("{:.3}", r.steady.spacing)),
    ("noise", |r| percent0(r.steady.noise)),
    ("/30: minutes, 50 / 90 %", |r| minutes(&r.down)),
    ("fall to 1/30", |r| fall(r, 0)),
    ("to 1/10,000", |r| fall(r, 3)),
    ("x100", |r| blocks(&r.far_up)),
    ("/100", |r| blocks(&r.far_down)),
    ("5 min rest: over 3 blocks", |r| percent(r.lull.crowded())),
    ("lone tab, night", |r| format!("{:.0}", r.lone_night.most())),
    ("wrong clocks: noise", |r| percent0(r.clocks.noise)),
    ("worst lie, 33 %", |r| signed(worst(&r.lies[1]))),
    ("hopping: per hash", |r| signed(r.hopping.per_hash)),
    ("per time", |r| signed(r.hopping.per_time)),
];

/// First the goals, then the other figures.
#[must_use]
pub fn markdown(reports: &[Report]) -> String {
    let mut text = table(reports, &BARS);
    text.push('\n');
    text.push_str(&table(reports, &BESIDES));
    text
}

/// The gain of withholding blocks under this rule, by share of the hash rate and by who wins ties.
#[must_use]
pub fn selfish(rule: &dyn Candidate, effort: Effort) -> String {
    let mut text = String::from("| selfish miner's share | first seen wins | lower id wins | earlier time wins |\n");
    text.push_str("|---|---|---|---|\n");
    for share in [0.1, 0.2, 0.33, 0.45] {
        let gain = |tie| signed(selfish::run(rule, share, tie, effort.blocks).per_time);
        let [seen, id, time] = [Tie::Public, Tie::LowerId, Tie::EarlierTime].map(gain);
        _ = writeln!(text, "| {} | {seen} | {id} | {time} |", percent0(share));
    }
    text
}

/// Mining rests for so many minutes: the nights that follow under these rules.
#[must_use]
pub fn rests(rules: &[&dyn Candidate], effort: Effort) -> String {
    let mut text = titles(rules, "rest", "over 3 blocks, from the first block, blocks at 99 %");
    for minutes in [1.0, 2.0, 3.0, 4.0, 4.25, 4.5, 5.0, 10.0, 30.0, 60.0, 480.0] {
        _ = write!(text, "| {minutes} min |");
        for rule in rules {
            let night = night::run(*rule, THIRTY_TABS, minutes / 60.0, effort.nights / 5);
            let shares = (percent(night.crowded()), percent(night.crowded_from_first()));
            _ = write!(text, " {} / {} / {:.0} |", shares.0, shares.1, night.most());
        }
        text.push('\n');
    }
    text
}

/// A liar after falls to ten tabs, under these rules.
#[must_use]
pub fn liars(rules: &[&dyn Candidate], effort: Effort) -> String {
    let mut text = titles(rules, "fall, liar's share", "gain, own branch ahead, its blocks at 90 %");
    for (factor, share) in [(30.0, 0.1), (30.0, 0.33), (170.0, 0.1), (170.0, 0.33), (1_000.0, 0.1), (1_000.0, 0.33)] {
        _ = write!(text, "| to 1/{factor}, {} |", percent0(share));
        for rule in rules {
            let liar = liar::run(*rule, factor, share, effort.runs);
            _ = write!(text, " {} / {} / {} |", signed(liar.gain), percent0(liar.ahead), finite(liar.branch));
        }
        text.push('\n');
    }
    text
}

/// Tabs that hear of blocks late, under these rules.
#[must_use]
pub fn networks(rules: &[&dyn Candidate], effort: Effort) -> String {
    let mut text = titles(rules, "thirty tabs", "stale, deepest fork at 99 %, blocks in the first spacing at 99 %");
    for situation in &network::SITUATIONS {
        _ = write!(text, "| {} |", situation.name);
        for rule in rules {
            let found = network::run(*rule, situation, effort.runs / 5);
            _ = write!(text, " {} / {:.0} / {:.0} |", percent(found.stale), found.depth, found.crowd);
        }
        text.push('\n');
    }
    text
}

/// The head of a table with one column for each rule.
fn titles(rules: &[&dyn Candidate], first: &str, cell: &str) -> String {
    let mut text = format!("| {first} |");
    rules.iter().for_each(|rule| _ = write!(text, " {}: {cell} |", rule.name()));
    text.push_str("\n|---|");
    rules.iter().for_each(|_| text.push_str("---|"));
    text.push('\n');
    text
}

fn table(reports: &[Report], columns: &[Column]) -> String {
    let mut text = String::from("| rule |");
    columns.iter().for_each(|(title, _)| _ = write!(text, " {title} |"));
    text.push_str("\n|---|");
    columns.iter().for_each(|_| text.push_str("---|"));
    text.push('\n');
    for report in reports {
        _ = write!(text, "| {} |", report.name);
        columns.iter().for_each(|(_, cell)| _ = write!(text, " {} |", cell(report)));
        text.push('\n');
    }
    text
}

fn blocks(step: &Step) -> String {
    let [half, most, all] = [0.5, 0.9, 0.99].map(|share| finite(step.back_within(share)));
    format!("{half} / {most} / {all}")
}

fn minutes(step: &Step) -> String {
    let [half, most] = [0.5, 0.9].map(|share| finite(percentile(&step.minutes, share)));
    format!("{half} / {most}")
}

fn fall(report: &Report, factor: usize) -> String {
    let [half, most] = [0.5, 0.9].map(|share| finite(report.falls[factor].back_within(share)));
    format!("{half} / {most}")
}

fn ramps(report: &Report) -> String {
    report.ramps.iter().map(|chance| format!("{:.2}", chance * 100.0)).collect::<Vec<_>>().join(" / ") + " %"
}

fn finite(number: f64) -> String {
    if number.is_finite() { format!("{number:.0}") } else { "-".into() }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn percent0(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn signed(gain: f64) -> String {
    match gain {
        ..-0.95 => "stalls".into(),
        10.0.. => "collapse".into(),
        -0.95..10.0 => format!("{:+.1} %", gain * 100.0),
        _ => "-".into(),
    }
}
