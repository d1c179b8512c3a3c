//! A tree of components and lines to bytes. RFC 5545 §3.1, RFC 6868.

use super::parse::is_name_byte;
use super::tree::{Component, Line, Param};

/// Octets a line may have without its line break. RFC 5545 §3.1.
const WIDTH: usize = 75;

/// Writes a component with CRLF, folded lines, quoted parameters and encoded carets.
pub(super) fn write(component: &Component, out: &mut Vec<u8>) {
    write_folded(&format!("BEGIN:{}", clean_name(&component.name)), out);
    for line in &component.lines {
        write_folded(&line_text(line), out);
    }
    for child in &component.children {
        write(child, out);
    }
    write_folded(&format!("END:{}", clean_name(&component.name)), out);
}

/// The unfolded text of a line.
///
/// Whatever the fields hold, the result is one line: line breaks become `\n`, other control characters and
/// characters that no name has are dropped.
fn line_text(line: &Line) -> String {
    let mut text = clean_name(&line.name);
    for param in &line.params {
        push_param(param, &mut text);
    }
    text.push(':');
    for c in line.value.chars() {
        match c {
            '\n' => text.push_str("\\n"),
            c if c.is_ascii_control() && c != '\t' => {}
            c => text.push(c),
        }
    }
    text
}

fn push_param(param: &Param, text: &mut String) {
    text.push(';');
    text.push_str(&clean_name(&param.name));
    for (index, value) in param.values.iter().enumerate() {
        text.push(if index == 0 { '=' } else { ',' });
        let quoted = value.contains([',', ';', ':']);
        if quoted {
            text.push('"');
        }
        for c in value.chars() {
            match c {
                '\n' => text.push_str("^n"),
                '^' => text.push_str("^^"),
                '"' => text.push_str("^'"),
                c if c.is_ascii_control() && c != '\t' => {}
                c => text.push(c),
            }
        }
        if quoted {
            text.push('"');
        }
    }
    if param.values.is_empty() {
        text.push('=');
    }
}

fn clean_name(name: &str) -> String {
    name.chars().filter(|c| u8::try_from(*c).is_ok_and(is_name_byte)).collect()
}

/// Writes one line in pieces of at most [`WIDTH`] octets, never cutting a character.
fn write_folded(text: &str, out: &mut Vec<u8>) {
    let mut rest = text;
    let mut room = WIDTH;
    while rest.len() > room {
        let (piece, more) = rest.split_at(rest.floor_char_boundary(room));
        out.extend_from_slice(piece.as_bytes());
        out.extend_from_slice(b"\r\n ");
        rest = more;
        room = WIDTH - 1;
    }
    out.extend_from_slice(rest.as_bytes());
    out.extend_from_slice(b"\r\n");
}
