//! MQTT over WebSocket: with mosquitto, and the rules of both standards with a server of our own.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use fivewire_transport::{Endpoint, Failure, Setting};
use tungstenite::Message;
use tungstenite::protocol::frame::Frame;
use tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::broker::{Broker, Folder, free_port};
use crate::certificates::{Authority, Validity};
use crate::server::{Server, Way, trusting};
use crate::talk::{ended, failed, opened, publish, read_exactly};

/// A mosquitto that also takes MQTT over WebSocket at this port, with these lines of configuration; alone it does not
/// start such a listener.
fn websockets(lines: &str) -> (Broker, u16) {
    let port = free_port();
    let listener = format!("allow_anonymous true\nlistener {port} 127.0.0.1\nprotocol websockets\n{lines}");
    let mut broker = Broker::absent(&listener);
    broker.run();
    (broker, port)
}

#[test]
fn mosquitto_takes_mqtt_over_websocket() {
    let (_broker, port) = websockets("");
    for path in ["/mqtt", "mqtt", "/", ""] {
        publish(&mut opened(
            &Endpoint::new("localhost", port).with_websocket(path),
        ));
    }
}

#[test]
fn and_over_websocket_with_tls() {
    let folder = Folder::new();
    let authority = Authority::new(folder.path(), "ca");
    let own = authority.sign("server", "localhost", Validity::Now);
    let (_broker, port) = websockets(&own.listener());
    let endpoint = Endpoint::new("localhost", port).with_tls(trusting(&authority));
    publish(&mut opened(&endpoint.with_websocket("/mqtt")));
}

#[test]
fn frames_are_no_borders() {
    let server = Server::start(Way::WebSocket, |mut peer| {
        let socket = peer.websocket();
        let part = |text: &str, code, last| {
            Message::Frame(Frame::message(text.to_owned(), OpCode::Data(code), last))
        };
        for message in [
            Message::binary(b"one tw".to_vec()),
            Message::Ping(vec![1, 2, 3].into()),
            Message::binary(b"".to_vec()),
            part("o th", Data::Binary, false),
            part("ree", Data::Continue, true),
        ] {
            socket.send(message).unwrap();
        }
        socket.read().unwrap()
    });
    let mut stream = opened(&server.endpoint);
    assert_eq!(read_exactly(&mut stream, 13), b"one two three");
    // The pong has gone by then, or goes with the close frame.
    stream.read(&mut [0]);
    stream.close();
    assert_eq!(server.join(), Message::Pong(vec![1, 2, 3].into()));
}

#[test]
fn text_ends_the_connection() {
    let server = Server::start(Way::WebSocket, |mut peer| {
        peer.websocket().send(Message::text("hello")).unwrap();
        peer
    });
    let failure = ended(&mut opened(&server.endpoint));
    drop(server.join());
    assert_eq!(
        failure,
        Failure::WebSocket("the broker sent text [MQTT-6.0.0-1]".to_owned())
    );
}

#[test]
fn closing_says_so_to_the_other_end() {
    for way in [Way::WebSocket, Way::Both] {
        let server = Server::start(way, |mut peer| peer.websocket().read().unwrap());
        opened(&server.endpoint).close();
        assert_eq!(server.join(), Message::Close(None), "{way:?}");
    }
}

/// A server that answers each request with this.
fn answers(answer: &'static str) -> Endpoint {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            client.read_exact(&mut byte).unwrap();
            request.extend(byte);
        }
        client.write_all(answer.as_bytes()).unwrap();
    });
    Endpoint::new("localhost", port).with_websocket("/mqtt")
}

#[test]
fn a_server_that_is_none_is_told_by_its_status() {
    let not_found = answers("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(failed(&not_found), Failure::WebSocketRefused(404));
    let busy = answers("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(failed(&busy), Failure::WebSocketRefused(503));
    assert_eq!(failed(&answers("")), Failure::Lost);
    assert!(matches!(
        failed(&answers("220 mail.example ESMTP\r\n\r\n")),
        Failure::WebSocket(_)
    ));
}

#[test]
fn a_path_that_cannot_be_one_is_told() {
    let broker = Broker::start();
    let failure = failed(&Endpoint::new("localhost", broker.port).with_websocket("/not a path"));
    let told = matches!(&failure, Failure::Setting { setting: Setting::WebSocketPath, value, .. } if value == "/not a path");
    assert!(told, "{failure:?}");
}
