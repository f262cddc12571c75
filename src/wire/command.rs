//! Runs a program of the config file for what it writes: a feed, or a password. No shell, no input, a
//! limit on its output and on its time.

use crate::capacity::Capacity;
use std::io::Read;
use std::process::Child;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

/// What the program `argv` writes, at most `limit` bytes within `time`; else why there is nothing, in a
/// line without anything that it wrote to standard output.
pub fn output(capacity: &Capacity, argv: &[String], limit: u64, time: Duration) -> Result<Vec<u8>, String> {
    let program = argv.first().map_or("", String::as_str);
    let mut child = capacity.start_to_read(argv).map_err(|error| error.to_string())?;
    let (Some(out), Some(complaints)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(format!("could not read from {program}"));
    };
    let (send, received) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = out.take(limit + 1).read_to_end(&mut bytes);
        // Whoever waits has given up where nobody takes it.
        let _ = send.send(read.map(|_| bytes));
    });
    let complaint = thread::spawn(move || {
        let mut text = String::new();
        let _ = complaints.take(500).read_to_string(&mut text);
        text.lines().next().unwrap_or_default().to_owned()
    });
    let bytes = match received.recv_timeout(time) {
        Ok(Ok(bytes)) if bytes.len() as u64 <= limit => bytes,
        Ok(Ok(_)) => return give_up(&mut child, format!("{program} writes more than {} MB", limit >> 20)),
        Ok(Err(error)) => return give_up(&mut child, reason(&error)),
        Err(_) => {
            return give_up(&mut child, format!("{program} took longer than {} seconds", time.as_secs()));
        }
    };
    let status = child.wait().map_err(|error| reason(&error))?;
    if status.success() {
        return Ok(bytes);
    }
    let said = complaint.join().unwrap_or_default();
    let code = status.code().map_or("was stopped".to_owned(), |code| format!("ended with {code}"));
    Err(if said.is_empty() { format!("{program} {code}") } else { format!("{program} {code}: {said}") })
}

fn give_up(child: &mut Child, why: String) -> Result<Vec<u8>, String> {
    // One that has ended already needs no stopping.
    let _ = child.kill();
    let _ = child.wait();
    Err(why)
}

fn reason(error: &std::io::Error) -> String {
    error.to_string().split(" (os error").next().unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(argv: &[&str], time: Duration) -> Result<Vec<u8>, String> {
        let argv: Vec<String> = argv.iter().map(|word| (*word).to_owned()).collect();
        output(&Capacity::Full, &argv, 1000, time)
    }

    #[test]
    fn a_program_is_read_without_a_shell() {
        let long = Duration::from_secs(30);
        assert_eq!(run(&["echo", "a;b $HOME"], long), Ok(b"a;b $HOME\n".to_vec()));
        assert_eq!(run(&["false"], long), Err("false ended with 1".to_owned()));
        assert_eq!(
            run(&["head", "-c", "5000", "/dev/zero"], long),
            Err("head writes more than 0 MB".to_owned())
        );
        assert!(run(&["no-such-program-here"], long).is_err_and(|why| why.starts_with("could not start")));
        assert!(
            run(&["sleep", "60"], Duration::from_millis(50)).is_err_and(|why| why.contains("took longer"))
        );
    }
}
