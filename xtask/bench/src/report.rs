//! Figures beside their aims and contestants, as a table for people and as JSON for programs.

use std::fmt;

use serde_json::{Value, json};

/// What was measured together.
pub(crate) struct Section {
    /// Name on the command line.
    pub(crate) name: &'static str,
    /// What the figures are of, in one line.
    pub(crate) what: String,
    pub(crate) figures: Vec<Figure>,
}

/// One number.
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) value: f64,
    /// Who else was measured in the same run, and what came out.
    pub(crate) contestants: Vec<(&'static str, f64)>,
    pub(crate) aim: Option<Aim>,
}

/// What the figure should be.
#[derive(Clone, Copy)]
pub(crate) enum Aim {
    AtMost(f64),
    AtLeast(f64),
}

impl Figure {
    pub(crate) const fn new(name: &'static str, value: f64, unit: &'static str) -> Self {
        Self {
            name,
            unit,
            value,
            contestants: Vec::new(),
            aim: None,
        }
    }

    pub(crate) fn against(mut self, name: &'static str, value: f64) -> Self {
        self.contestants.push((name, value));
        self
    }

    pub(crate) fn aim(mut self, aim: Aim) -> Self {
        self.aim = Some(aim);
        self
    }

    /// Whether the aim is met; None without one.
    fn met(&self) -> Option<bool> {
        self.aim.map(|aim| match aim {
            Aim::AtMost(limit) => self.value <= limit,
            Aim::AtLeast(limit) => self.value >= limit,
        })
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.name, self.what)?;
        self.figures
            .iter()
            .try_for_each(|figure| writeln!(f, "  {figure}"))?;
        writeln!(f)
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:<24} {:>12} {:<14}",
            self.name,
            number(self.value),
            self.unit
        )?;
        for (name, value) in &self.contestants {
            write!(f, " {name} {:>8}", number(*value))?;
        }
        match (self.aim, self.met()) {
            (Some(aim), Some(met)) => write!(f, "   aim {aim}: {}", if met { "met" } else { "MISSED" }),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Aim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(limit) => write!(f, "≤ {}", number(*limit)),
            Self::AtLeast(limit) => write!(f, "≥ {}", number(*limit)),
        }
    }
}

/// Large numbers in thousands with a thin separator, small ones with two decimals.
fn number(value: f64) -> String {
    if value < 1000.0 {
        return format!("{value:.2}");
    }
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// All sections as one object: section → figure → value, unit, aim, contestants.
pub(crate) fn json(sections: &[Section]) -> Value {
    sections
        .iter()
        .map(|section| (section.name.to_owned(), json_section(section)))
        .collect()
}

fn json_section(section: &Section) -> Value {
    let figure = |figure: &Figure| {
        let aim = figure.aim.map(|aim| aim.to_string());
        let others = figure
            .contestants
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)));
        let value = json!({
            "value": figure.value, "unit": figure.unit, "aim": aim, "met": figure.met(), "contestants": others.collect::<Value>()
        });
        (figure.name.to_owned(), value)
    };
    json!({"what": section.what, "figures": section.figures.iter().map(figure).collect::<Value>()})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_says_whether_its_aim_is_met() {
        let framed = Figure::new("framed", 38.2, "B")
            .against("postcard", 40.65)
            .aim(Aim::AtMost(38.5));
        let speed = Figure::new("speed", 999_999.0, "bit/s").aim(Aim::AtLeast(1e6));
        assert_eq!((framed.met(), speed.met()), (Some(true), Some(false)));
        let section = Section {
            name: "wire",
            what: "made up".into(),
            figures: vec![framed, speed],
        };
        let json = json(&[section]);
        assert_eq!(
            json["wire"]["figures"]["framed"]["contestants"]["postcard"],
            40.65
        );
        assert_eq!(json["wire"]["figures"]["speed"]["met"], false);
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(
            [number(38.515), number(1_234_567.8), number(1000.0)],
            ["38.52", "1,234,568", "1,000"]
        );
    }
}
