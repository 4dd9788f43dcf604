//! The contestant: rumqttc 0.25, MQTT 3.1.1, its async client on a runtime of one thread.
//!
//! As its documentation drives it: one task publishes, one polls the event loop.

use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, NetworkOptions, Packet, QoS};

use super::job::{Clock, Job, Mode, PAYLOAD, Report, TOPIC};

/// Does the job.
pub(crate) fn run(job: &Job) -> anyhow::Result<Report> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(publish_all(job))
}

async fn publish_all(job: &Job) -> anyhow::Result<Report> {
    let (client, mut events) = connect(job).await?;
    let mut clock = Clock::start(job);
    match job.mode {
        Mode::Qos0 => {
            let count = job.count;
            tokio::spawn(async move {
                publish(&client, QoS::AtMostOnce, count).await?;
                publish(&client, QoS::AtLeastOnce, 1).await
            });
            acknowledgement(&mut events).await?;
        }
        Mode::Qos1 if job.is_sequential() => {
            for _ in 0..job.count {
                publish(&client, QoS::AtLeastOnce, 1).await?;
                acknowledgement(&mut events).await?;
                clock.lap();
            }
        }
        Mode::Qos1 => {
            let count = job.count;
            tokio::spawn(async move { publish(&client, QoS::AtLeastOnce, count).await });
            for _ in 0..count {
                acknowledgement(&mut events).await?;
            }
        }
    }
    Ok(clock.stop(job))
}

async fn connect(job: &Job) -> anyhow::Result<(AsyncClient, EventLoop)> {
    let mut options = MqttOptions::new("rumqttc", "127.0.0.1", job.port);
    options.set_inflight(u16::try_from(job.window)?);
    let (client, mut events) = AsyncClient::new(options, job.window);
    let mut network = NetworkOptions::new();
    network.set_tcp_nodelay(true);
    events.set_network_options(network);
    while !matches!(events.poll().await?, Event::Incoming(Packet::ConnAck(_))) {}
    Ok((client, events))
}

async fn publish(client: &AsyncClient, qos: QoS, count: usize) -> Result<(), rumqttc::ClientError> {
    for _ in 0..count {
        client.publish(TOPIC, qos, false, PAYLOAD.as_slice()).await?;
    }
    Ok(())
}

async fn acknowledgement(events: &mut EventLoop) -> Result<(), rumqttc::ConnectionError> {
    while !matches!(events.poll().await?, Event::Incoming(Packet::PubAck(_))) {}
    Ok(())
}
