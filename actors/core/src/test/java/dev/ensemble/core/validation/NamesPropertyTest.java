package dev.ensemble.core.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The loops accept exactly what the published patterns accept. */
class NamesPropertyTest {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern LABEL_1035 = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile(LABEL.pattern() + "(\\." + LABEL.pattern() + ")*");
  private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
  private static final Pattern PORT =
      Pattern.compile("(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?");

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab0Z-._/ü%").ofMaxLength(8);
  }

  @Provide
  Arbitrary<String> longTexts() {
    return Arbitraries.strings().withChars("ab0").ofMinLength(60).ofMaxLength(66);
  }

  @Property
  void textsMatchTheirPatterns(@ForAll("texts") String text) {
    assertThat(Names.dns1123Label(text).isEmpty()).isEqualTo(LABEL.matcher(text).matches());
    assertThat(Names.dns1035Label(text).isEmpty()).isEqualTo(LABEL_1035.matcher(text).matches());
    assertThat(Names.dns1123Subdomain(text).isEmpty()).isEqualTo(SUBDOMAIN.matcher(text).matches());
    assertThat(Keys.labelValue(text).isEmpty())
        .isEqualTo(text.isEmpty() || NAME.matcher(text).matches());
    assertThat(Keys.portName(text).isEmpty()).isEqualTo(PORT.matcher(text).matches());
    assertThat(Keys.qualifiedName(text).isEmpty()).isEqualTo(isQualified(text));
  }

  private static boolean isQualified(String text) {
    String[] parts = text.split("/", -1);
    return parts.length == 1
        ? NAME.matcher(text).matches()
        : parts.length == 2
            && SUBDOMAIN.matcher(parts[0]).matches()
            && NAME.matcher(parts[1]).matches();
  }

  @Property
  void labelsEndAtSixtyThree(@ForAll("longTexts") String text) {
    assertThat(Names.dns1123Label(text).isEmpty()).isEqualTo(text.length() <= 63);
    assertThat(Keys.labelValue(text).isEmpty()).isEqualTo(text.length() <= 63);
    assertThat(Keys.qualifiedName(text).isEmpty()).isEqualTo(text.length() <= 63);
  }

  @Property
  void aGeneratedNameFitsItsPrefixAndALabel(@ForAll("longTexts") String prefix, @ForAll long seed) {
    Random random = new Random(seed);
    String name = Names.generated(prefix, random::nextInt);
    assertThat(name).startsWith(prefix.substring(0, 58)).hasSize(63);
    assertThat(Names.dns1123Label(name)).isEmpty();
    assertThat(Names.generated("web-", random::nextInt))
        .matches("web-[bcdfghjklmnpqrstvwxz2456789]{5}");
  }

  @Property
  void addressesAreReadAsTheyArePrinted(@ForAll byte[] bytes) throws Exception {
    byte[] six = Arrays.copyOf(bytes, 16);
    six[0] = 0x20;
    String text = InetAddress.getByAddress(six).getHostAddress();
    assertThat(Addresses.family(text)).contains(Addresses.Family.IPV6);
    assertThat(Addresses.family(text.replaceFirst("(:0)+:", "::"))).contains(Addresses.Family.IPV6);
    assertThat(Addresses.family(text + ":1")).isEmpty();
    byte[] four = Arrays.copyOf(bytes, 4);
    String dotted = InetAddress.getByAddress(four).getHostAddress();
    assertThat(Addresses.family(dotted)).contains(Addresses.Family.IPV4);
    assertThat(Addresses.rangeFamily(dotted + "/32")).contains(Addresses.Family.IPV4);
    assertThat(Addresses.rangeFamily(dotted + "/33")).isEmpty();
  }
}
