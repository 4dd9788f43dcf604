//! The bridge of the demonstration: the Linux bridge's own loop, on a thread that can be made to die.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;

use fivewire_bridge_fw_linux::{Detail, Options, client_id_of, run};
use fivewire_wires::Wires;

/// A bridge that runs until it is dropped.
pub(crate) struct Bridge {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Bridge {
    /// Starts a bridge that knows nothing. What it has to tell goes to `tell`.
    pub(crate) fn start(wires: &Wires, tell: Sender<(Detail, String)>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (wires, flag) = (wires.clone(), Arc::clone(&stop));
        let options = Options {
            client_id: client_id_of(Path::new("fivewire-sim")),
        };
        let thread = std::thread::spawn(move || {
            let failure = tell.clone();
            let told = run(&wires, &options, &flag, &mut |_, report| {
                // The demonstration may have ended meanwhile.
                let _ = tell.send((report.detail(), report.to_string()));
            });
            if let Err(error) = told {
                let _ = failure.send((Detail::Changes, format!("failed: {error}")));
            }
        });
        Self {
            stop,
            thread: Some(thread),
        }
    }
}

impl Drop for Bridge {
    /// The bridge is gone, with everything it knew.
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
