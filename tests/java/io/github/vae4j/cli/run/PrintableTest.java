// SPDX-License-Identifier: Apache-2.0
package io.github.vae4j.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void plainTextStays() {
    for (String text : new String[] {"", "a b", "größe 日本 😀", "C:\\new", "עברית", "e\u0301"}) {
      assertSame(text, Printable.line(text));
    }
  }

  @Test
  void whatATerminalWouldObeyIsShown() {
    assertEquals("a\\u001b[2Jb", Printable.line("a\u001b[2Jb"));
    assertEquals("a\\nb\\rc\\td", Printable.line("a\nb\rc\td"));
    assertEquals("\\u0000\\u007f\\u009b", Printable.line("\0\u007f\u009b"));
    assertEquals("x\\u202egnp.exe", Printable.line("x\u202egnp.exe"));
    assertEquals(
        "\\u2066\\u2069\\u200f\\u061c\\u2028", Printable.line("\u2066\u2069\u200f\u061c\u2028"));
    assertEquals("\\ud800x", Printable.line("\ud800x"));
  }

  @Test
  void everyWayOutOfAReport() {
    String name = "a\u001b[31m\u202e\u009b\nb";
    String shown = "a\\u001b[31m\\u202e\\u009b\\nb";
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    new Report(new PrintWriter(out), new PrintWriter(err), false).line(name);
    new Report(new PrintWriter(out), new PrintWriter(err), false).remark(name);
    new Report(new PrintWriter(out), new PrintWriter(err), true)
        .object(new JsonLine().put("name", name));
    String json = "{\"name\":\"a\\u001B[31m\\u202e\\u009b\\nb\"}";
    assertEquals(shown + "\n" + json + "\n", out.toString());
    assertEquals("vae4j: " + shown + "\n", err.toString());
    assertFalse(out.toString().contains("\u001b"));
  }
}
