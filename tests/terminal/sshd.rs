//! Serves a library over SSH as the documentation describes it: a real sshd on the loopback address, and a key with a
//! forced command. Where sshd is missing or may not run, the test says so and passes.

use super::session::{Session, command, program};
use super::{add, home};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A server that runs until the end of the test.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn key(path: &Path) -> bool {
    let mut made = Command::new("ssh-keygen");
    made.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(path);
    made.status().is_ok_and(|end| end.success())
}

/// Starts a server in `folder` that accepts one key and runs the command `forced` for it.
fn serve(folder: &Path, forced: &str) -> Option<Server> {
    let sshd = ["/usr/sbin/sshd", "/usr/bin/sshd", "/usr/libexec/sshd"].map(PathBuf::from);
    let sshd = sshd.into_iter().find(|path| path.exists())?;
    if !key(&folder.join("host")) || !key(&folder.join("user")) {
        return None;
    }
    let public = std::fs::read_to_string(folder.join("user.pub")).ok()?;
    let allowed = format!("restrict,pty,command=\"{forced}\" {public}");
    std::fs::write(folder.join("authorized"), allowed).ok()?;
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).ok()?.port();
    let at = folder.display();
    let options = format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {at}/host\nAuthorizedKeysFile {at}/authorized\n\
         StrictModes no\nUsePAM no\nPidFile none\nPasswordAuthentication no\nPrintMotd no\nPrintLastLog no\n"
    );
    std::fs::write(folder.join("options"), options).ok()?;
    let mut server = Command::new(sshd);
    server.args(["-D", "-q", "-f"]).arg(folder.join("options"));
    let child = server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    Some(Server { child, port })
}

#[test]
fn a_kiosk_is_served_by_openssh() {
    let home = home();
    add(home.path(), "news");
    let at = home.path().display();
    let library = format!("{at}/.local/share/dateline/library.db");
    let forced = format!("env LANG=C.UTF-8 {} --kiosk --library {library} --state {at}/ana.db", program());
    let Some(server) = serve(home.path(), &forced) else {
        eprintln!("skipped: sshd is missing");
        return;
    };
    // ssh tries again until the server listens.
    let (user, port, identity) = (whoami(), server.port.to_string(), format!("{at}/user"));
    let arguments = [
        "-tt",
        "-F",
        "none",
        "-p",
        &port,
        "-i",
        &identity,
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
        "-o",
        "LogLevel=ERROR",
        "-o",
        "ConnectionAttempts=30",
        "-o",
        "IdentitiesOnly=yes",
        "-l",
        &user,
        "127.0.0.1",
        "touch owned",
    ];
    let mut session = Session::start(command(home.path(), "ssh", &arguments), 80, 24);
    let ready = |session: &Session| {
        ["Harbour opens", "denied", "closed", "refused", "not found"]
            .iter()
            .any(|text| session.text().contains(text))
    };
    session.wait_until("the reader or a refusal", ready);
    if !session.text().contains("Harbour opens") {
        eprintln!("skipped: sshd is not allowed to serve here: {}", session.text());
        return;
    }
    session.press("s");
    session.expect("★");
    session.press("Q");
    assert_eq!(session.end().code, 0);
    session.assert_left_clean();
    assert!(home.path().join("ana.db").exists() && !home.path().join("owned").exists());
}

fn whoami() -> String {
    let output = Command::new("id").arg("-un").output().expect("id runs");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
