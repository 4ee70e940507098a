//! The figures as SVG, in colours that are legible on dark and light pages.

use crate::Report;
use crate::scenario::fall::{FACTORS, Fall};
use crate::scenario::lies::Strategy;
use crate::scenario::step::Step;
use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::coord::ranged1d::{AsRangedCoord, Ranged, ValueFormatter};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::fs;
use std::path::Path;

const INK: RGBColor = RGBColor(118, 118, 118);
/// The first is for the current rule.
const COLOURS: [RGBColor; 6] = [
    RGBColor(31, 136, 240),
    RGBColor(224, 108, 20),
    RGBColor(46, 160, 67),
    RGBColor(163, 113, 247),
    RGBColor(218, 54, 70),
    RGBColor(150, 130, 20),
];
/// The rules in the line plots: the current one and the best known others.
const SHOWN: [&str; 6] =
    ["in force", "no easing", "LWMA-1 20", "ASERT 60", "relative ASERT 5 [-6, 6]", "Digishield 17"];

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Plot = (&'static str, (u32, u32), fn(&Area<'_>, &[Report]) -> Result<()>);
type Chart<'a, 'b, X, Y> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<X, Y>>;

/// Writes all plots into a folder.
///
/// # Errors
/// Fails if a file cannot be written.
pub fn write_all(folder: &Path, reports: &[Report]) -> Result<()> {
    let plots: [Plot; 6] = [
        ("step.svg", (960, 400), step),
        ("fall.svg", (720, 420), fall),
        ("night.svg", (720, 400), night),
        ("lies.svg", (960, 420), lies),
        ("noise.svg", (720, 420), noise),
        ("churn.svg", (960, 320), churn),
    ];
    for (name, size, draw) in plots {
        let mut svg = String::new();
        {
            let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
            draw(&area, reports)?;
            area.present().map_err(|e| anyhow!("{name}: {e}"))?;
        }
        fs::write(folder.join(name), svg)?;
    }
    Ok(())
}

fn shown(reports: &[Report]) -> impl Iterator<Item = (&Report, RGBColor)> {
    SHOWN.iter().zip(COLOURS).filter_map(|(name, colour)| Some((reports.iter().find(|r| r.name == *name)?, colour)))
}

fn text(size: u32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&INK)
}

/// An empty chart with axes.
fn chart<'a, 'b, X, Y>(
    area: &'a Area<'b>,
    title: &str,
    labels: [&str; 2],
    x: X,
    y: Y,
) -> Result<Chart<'a, 'b, X::CoordDescType, Y::CoordDescType>>
where
    X: AsRangedCoord<Value = f64>,
    Y: AsRangedCoord<Value = f64>,
    X::CoordDescType: ValueFormatter<f64> + Ranged<ValueType = f64>,
    Y::CoordDescType: ValueFormatter<f64> + Ranged<ValueType = f64>,
{
    let mut chart = ChartBuilder::on(area)
        .caption(title, text(15))
        .margin(12)
        .x_label_area_size(38)
        .y_label_area_size(52)
        .build_cartesian_2d(x, y)?;
    chart
        .configure_mesh()
        .axis_style(INK)
        .bold_line_style(INK.mix(0.25))
        .light_line_style(TRANSPARENT)
        .label_style(text(12))
        .axis_desc_style(text(13))
        .x_desc(labels[0])
        .y_desc(labels[1])
        .y_label_formatter(&|y| format!("{y}"))
        .draw()?;
    Ok(chart)
}

/// The legend: names and colours of lines or points, in a free column at the right edge.
fn legend<'n>(area: &Area<'_>, entries: impl Iterator<Item = (&'n str, RGBColor)>) -> Result<()> {
    for (n, (name, colour)) in entries.enumerate() {
        let y = 50 + 20 * n as i32;
        area.draw(&Rectangle::new([(0, y), (14, y + 4)], colour.filled()))?;
        area.draw_text(name, &text(12), (20, y - 4))?;
    }
    Ok(())
}

/// How the expected spacing recovers after a change of the hash rate.
fn step(area: &Area<'_>, reports: &[Report]) -> Result<()> {
    let (charts, column) = area.split_horizontally(780);
    let halves = charts.split_evenly((1, 2));
    step_side(&halves[0], "Thirty times the hash rate", reports, |report| &report.up)?;
    step_side(&halves[1], "A thirtieth of the hash rate", reports, |report| &report.down)?;
    legend(&column, shown(reports).map(|(report, colour)| (report.name.as_str(), colour)))
}

fn step_side(area: &Area<'_>, title: &str, reports: &[Report], side: fn(&Report) -> &Step) -> Result<()> {
    let labels = ["blocks after the change", "expected spacing / meant (median)"];
    let mut chart = chart(area, title, labels, 0.0..100.0, (0.02..50.0).log_scale())?;
    chart.draw_series([Rectangle::new([(0.0, 0.5), (20.0, 2.0)], INK.mix(0.2).filled())])?;
    for (report, colour) in shown(reports) {
        let points = side(report).path.iter().enumerate().map(|(n, spacing)| (n as f64, *spacing));
        chart.draw_series(LineSeries::new(points, colour.stroke_width(2)))?;
    }
    Ok(())
}

/// How long the chain is slow after a fall of the hash rate.
fn fall(area: &Area<'_>, reports: &[Report]) -> Result<()> {
    let (area, column) = area.split_horizontally(540);
    let labels = ["how many times the hash rate was one tab's", "minutes until ten blocks come in time"];
    let title = "After a fall of the hash rate (median; thin: 90 %)";
    let mut chart = chart(&area, title, labels, (30.0..10_000.0).log_scale(), (1.0..10_000.0).log_scale())?;
    chart.draw_series([Rectangle::new([(170.0, 1.0), (1_000.0, 10.0)], INK.mix(0.2).filled())])?;
    for (report, colour) in shown(reports) {
        for (share, width) in [(0.5, 2), (0.9, 1)] {
            let minutes = |(factor, fall): (&f64, &Fall)| (*factor, fall.back_within(share).min(10_000.0));
            let points = FACTORS.iter().zip(&report.falls).map(minutes);
            chart.draw_series(LineSeries::new(points, colour.stroke_width(width)))?;
        }
    }
    legend(&column, shown(reports).map(|(report, colour)| (report.name.as_str(), colour)))
}

/// The share of mornings with too many blocks, as bars.
fn night(area: &Area<'_>, reports: &[Report]) -> Result<()> {
    let title = "More than three blocks within a spacing after the night";
    let rows = reports.len() as f64;
    let mut chart = ChartBuilder::on(area)
        .caption(title, text(15))
        .margin(12)
        .x_label_area_size(38)
        .y_label_area_size(190)
        .build_cartesian_2d((0.1..100.0).log_scale(), 0.0..rows)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .axis_style(INK)
        .bold_line_style(INK.mix(0.25))
        .light_line_style(TRANSPARENT)
        .label_style(text(12))
        .axis_desc_style(text(13))
        .x_desc("% of mornings (the bar is 1 %; light: counted from the first block)")
        .draw()?;
    for (n, report) in reports.iter().enumerate() {
        let (top, colour) = (rows - n as f64, COLOURS[usize::from(n > 0)]);
        let bar = |share: f64, from: f64, to: f64| [(0.1, top - to), ((share * 100.0).max(0.1), top - from)];
        chart.draw_series([
            Rectangle::new(bar(report.night.crowded_from_first(), 0.1, 0.9), colour.mix(0.35).filled()),
            Rectangle::new(bar(report.night.crowded(), 0.25, 0.75), colour.filled()),
        ])?;
        let at = chart.backend_coord(&(0.1, top - 0.5));
        area.draw_text(&report.name, &text(12), (12, at.1 - 6))?;
    }
    chart.draw_series([PathElement::new([(1.0, 0.0), (1.0, rows)], INK.stroke_width(2))])?;
    Ok(())
}

/// The gain of each lie under each rule.
fn lies(area: &Area<'_>, reports: &[Report]) -> Result<()> {
    let (area, column) = area.split_horizontally(780);
    let names: Vec<String> = Strategy::LIES.iter().map(|lie| lie.name()).collect();
    let mut chart = ChartBuilder::on(&area)
        .caption("What lies about time bring a miner with a third of the hash rate", text(15))
        .margin(12)
        .x_label_area_size(38)
        .y_label_area_size(52)
        .build_cartesian_2d(0.0..names.len() as f64, -40.0..100.0)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .disable_x_axis()
        .axis_style(INK)
        .bold_line_style(INK.mix(0.25))
        .light_line_style(TRANSPARENT)
        .label_style(text(12))
        .axis_desc_style(text(13))
        .y_desc("% more rewards (beyond the plot: at its edge)")
        .draw()?;
    chart.draw_series([Rectangle::new([(0.0, 0.0), (names.len() as f64, 2.0)], INK.mix(0.4).filled())])?;
    for (n, name) in names.iter().enumerate() {
        let at = chart.backend_coord(&(n as f64 + 0.1, -40.0));
        area.draw_text(name, &text(12), (at.0, at.1 + 8))?;
    }
    for (n, (report, colour)) in shown(reports).enumerate() {
        let x = |lie: usize| lie as f64 + 0.2 + 0.12 * n as f64;
        let y = |gain: f64| (gain * 100.0).clamp(-40.0, 100.0);
        let gains = report.lies[1].iter().enumerate();
        chart.draw_series(gains.map(|(lie, gain)| Circle::new((x(lie), y(*gain)), 4, colour.filled())))?;
    }
    legend(&column, shown(reports).map(|(report, colour)| (report.name.as_str(), colour)))
}

/// The price of a quick reaction.
fn noise(area: &Area<'_>, reports: &[Report]) -> Result<()> {
    let labels = ["blocks until within 2x after thirty times the hash rate (median)", "noise of the target, %"];
    let mut chart = chart(area, "Speed against steadiness", labels, 0.0..80.0, 10.0..32.0)?;
    // Rules that differ from these only in a part are as quick and as noisy.
    let whole = reports.iter().filter(|report| !report.name.contains(", "));
    for (n, report) in whole.enumerate() {
        let (x, y) = (report.up.back_within(0.5), report.steady.noise * 100.0);
        if x.is_finite() {
            let colour = COLOURS[usize::from(n > 0)];
            chart.draw_series([Circle::new((x, y), 4, colour.filled())])?;
            let at = chart.backend_coord(&(x, y));
            // The quick rules have labels on their left; neighbours on the right have them above and below.
            let (anchor, dx) = if x < 20.0 && n > 0 { (HPos::Right, -8) } else { (HPos::Left, 8) };
            let dy = if n % 2 == 0 { -7 } else { 7 };
            area.draw_text(&report.name, &text(12).pos(Pos::new(anchor, VPos::Center)), (at.0 + dx, at.1 + dy))?;
        }
    }
    Ok(())
}

/// Two hours of tabs that come and go, and the current rule's reaction.
fn churn(area: &Area<'_>, reports: &[Report]) -> Result<()> {
    let (area, column) = area.split_horizontally(860);
    let labels = ["minutes", "tabs"];
    let mut chart = chart(&area, "Tabs that come and go", labels, 0.0..120.0, 0.0..20.0)?;
    let Some(report) = reports.first() else { return Ok(()) };
    let trace: Vec<_> = report.churn.trace.iter().take_while(|(minute, ..)| *minute <= 120.0).collect();
    let mine = trace.iter().map(|(minute, tabs, _)| (*minute, *tabs));
    chart.draw_series(LineSeries::new(mine, INK.stroke_width(2)))?;
    let fitted = trace.iter().map(|(minute, _, fitted)| (*minute, *fitted));
    chart.draw_series(LineSeries::new(fitted, COLOURS[0].stroke_width(2)))?;
    legend(&column, [("they mine", INK), ("target fits", COLOURS[0])].into_iter())
}
