//! Skeleton.
mod args; mod broker; mod observer;
fn main() -> anyhow::Result<()> { let mut b = broker::Broker::start()?; let o = observer::Observer::start(b.address(), "result")?; println!("{}", b.address()); 
 let a=b.address(); let p = |n: u32| { println!("{:?}", std::process::Command::new("mosquitto_pub").args(["-h","127.0.0.1","-p",&a.port().to_string(),"-t","result","-q","1","-m",&n.to_string()]).status()); };
 p(1); p(2); std::thread::sleep(std::time::Duration::from_millis(300)); println!("{:?}", o.seen()); b.pause(); b.resume()?; p(3); p(4);  std::thread::sleep(std::time::Duration::from_millis(1500)); println!("{:?}", o.seen()); let _ = <args::Args as clap::Parser>::parse(); Ok(()) }
