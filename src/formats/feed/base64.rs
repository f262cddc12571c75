//! Base64 (RFC 4648), in which old Atom feeds pack whole contents.

/// The text in `encoded`, white space passed over; `None` if it is no Base64 of UTF-8.
pub(super) fn decode(encoded: &str) -> Option<String> {
    let mut out = Vec::with_capacity(encoded.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for byte in encoded.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            // The lowest eight bits above `count`.
            out.push((bits >> count & 0xff) as u8);
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn texts() {
        assert_eq!(decode("RXhhbXBsZSA8\nYj5B").as_deref(), Some("Example <b>A"));
        assert_eq!(decode("w6k=").as_deref(), Some("é"));
        assert_eq!(decode("no base64!"), None);
    }
}
