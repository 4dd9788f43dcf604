//! Made-up trees for the rules' tests. Only compiled for tests.

use super::{File, Finding, Tree};
use crate::workspace::{Crate, Dependency};

/// A crate under construction.
pub(super) struct Made(Crate);

pub(super) fn krate(name: &str, path: &str) -> Made {
    Made(Crate {
        name: name.into(),
        path: path.into(),
        ..Crate::default()
    })
}

impl Made {
    pub(super) fn needs(self, name: &str) -> Self {
        self.depends(name, false)
    }

    pub(super) fn tests_with(self, name: &str) -> Self {
        self.depends(name, true)
    }

    pub(super) fn with(mut self, change: impl FnOnce(&mut Crate)) -> Self {
        change(&mut self.0);
        self
    }

    fn depends(self, name: &str, dev: bool) -> Self {
        self.with(|of| {
            of.dependencies.push(Dependency {
                name: name.into(),
                dev,
            })
        })
    }
}

impl From<Made> for Crate {
    fn from(made: Made) -> Self {
        made.0
    }
}

pub(super) fn tree_of(crates: impl IntoIterator<Item = Crate>) -> Tree {
    Tree {
        crates: crates.into_iter().collect(),
        ..Tree::default()
    }
}

pub(super) fn files(list: &[(&str, &str)]) -> Tree {
    let file = |(path, text): &(&str, &str)| File {
        path: (*path).into(),
        text: (*text).into(),
    };
    Tree {
        files: list.iter().map(file).collect(),
        ..Tree::default()
    }
}

pub(super) fn messages(found: &[Finding]) -> Vec<&str> {
    found.iter().map(|finding| finding.message.as_str()).collect()
}

/// `path:line` of each finding, for rules about lines.
pub(super) fn places(found: &[Finding]) -> Vec<String> {
    found
        .iter()
        .map(|f| format!("{}:{}", f.path, f.line.unwrap_or(0)))
        .collect()
}
