//! The committed outputs are those of the committed spec. With `BLESS=1` this test writes them instead.

use fivewire_codegen::{Output, Source, check_source, emit};
use std::fs;
use std::path::{Path, PathBuf};

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn outputs() -> Vec<Output> {
    let text = fs::read_to_string(top().join("spec/bridge.yaml")).expect("the spec is there");
    let checked = check_source(&Source::new("spec/bridge.yaml", text)).map_err(|report| report.to_string());
    let (model, _) = checked.expect("a spec without faults");
    emit::files(&model, |path| fs::read_to_string(top().join(path)).ok()).expect("the vectors can be read")
}

fn is_fresh(output: &Output) -> bool {
    fs::read_to_string(top().join(&output.path)).is_ok_and(|text| text == output.text)
}

fn write(output: &Output) {
    let path = top().join(&output.path);
    fs::create_dir_all(path.parent().expect("outputs lie in folders")).expect("folder");
    fs::write(path, &output.text).expect("output is written");
}

#[test]
fn generated_is_fresh() {
    let outputs = outputs();
    if std::env::var_os("BLESS").is_some() {
        outputs.iter().filter(|output| !is_fresh(output)).for_each(write);
        return;
    }
    let stale: Vec<_> = outputs
        .iter()
        .filter(|output| !is_fresh(output))
        .map(|output| &output.path)
        .collect();
    assert!(
        stale.is_empty(),
        "stale: {stale:?}\nrefresh them with: cargo xtask codegen"
    );
}
