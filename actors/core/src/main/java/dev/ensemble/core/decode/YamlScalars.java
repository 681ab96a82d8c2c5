package dev.ensemble.core.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/**
 * Plain scalars as Kubernetes tools read them: YAML 1.1, where {@code yes} is a boolean and {@code
 * 0644} is octal, since file modes are written so.
 */
final class YamlScalars {
  private static final String PREFIX = "tag:yaml.org,2002:";
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUES =
      Set.of("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y");
  private static final Set<String> FALSES =
      Set.of("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N");
  private static final Pattern WHOLE =
      Pattern.compile(
          "([-+]?)(0b[01][01_]*|0x[0-9a-fA-F][0-9a-fA-F_]*|0o[0-7][0-7_]*|0|0[0-7_]*[0-7]|[1-9][0-9_]*)");
  private static final Pattern REAL =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

  // A longer number is text in any real manifest, and costs quadratic time to read.
  private static final int DIGITS_MAX = 40;

  private YamlScalars() {}

  static JsonNode read(ScalarEvent scalar) throws UnreadableYamlException {
    String text = scalar.getValue();
    Optional<String> tag = scalar.getTag().map(Object::toString);
    if (tag.isEmpty()) {
      return scalar.isPlain() ? plain(text) : TextNode.valueOf(text);
    }
    String name = tag.get().startsWith(PREFIX) ? tag.get().substring(PREFIX.length()) : tag.get();
    return switch (name) {
      case "str", "binary", "timestamp", "!" -> TextNode.valueOf(text);
      case "int", "float", "bool", "null" -> plain(text);
      default -> throw new UnreadableYamlException("a tag is not known");
    };
  }

  private static JsonNode plain(String text) {
    if (NULLS.contains(text)) {
      return NullNode.instance;
    }
    if (TRUES.contains(text)) {
      return BooleanNode.TRUE;
    }
    if (FALSES.contains(text)) {
      return BooleanNode.FALSE;
    }
    if (text.length() <= DIGITS_MAX) {
      Matcher whole = WHOLE.matcher(text);
      if (whole.matches()) {
        return whole(whole.group(1), whole.group(2).replace("_", ""));
      }
      if (REAL.matcher(text).matches()) {
        return DoubleNode.valueOf(Double.parseDouble(text));
      }
    }
    return TextNode.valueOf(text);
  }

  private static JsonNode whole(String sign, String digits) {
    int radix = 10;
    int skip = 0;
    if (digits.startsWith("0b")) {
      radix = 2;
      skip = 2;
    } else if (digits.startsWith("0x")) {
      radix = 16;
      skip = 2;
    } else if (digits.startsWith("0o")) {
      radix = 8;
      skip = 2;
    } else if (digits.length() > 1 && digits.startsWith("0")) {
      radix = 8;
      skip = 1;
    }
    BigInteger value =
        new BigInteger((sign.equals("-") ? "-" : "") + digits.substring(skip), radix);
    return value.bitLength() < Long.SIZE
        ? ScalarReader.integer(value.longValueExact())
        : BigIntegerNode.valueOf(value);
  }
}
