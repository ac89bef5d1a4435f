// Validates PDF files with veraPDF's engine.
//
// In: the ids of profiles, joined by commas (3a: PDF/A-3a, ua1: PDF/UA-1), and files. Out: a line for each profile and
// file, below it each rule that is broken and how often; exit code 1 if any is, 2 if a file cannot be judged.
//
//     java -cp JARS Validate.java 3a,ua1 FILE.pdf...

import java.io.FileInputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class Validate {
    /** Broken rules that are collected of one file before the engine gives up. */
    private static final int MOST = 100;

    public static void main(String[] arguments) {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        int code = 0;
        for (String profile : arguments[0].split(",")) {
            for (int index = 1; index < arguments.length; index++) {
                code = Math.max(code, validate(PDFAFlavour.fromString(profile), arguments[index]));
            }
        }
        System.exit(code);
    }

    private static int validate(PDFAFlavour profile, String file) {
        try (FileInputStream input = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(input, profile);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(profile, MOST, false, false, false)) {
            ValidationResult result = validator.validate(parser);
            Map<String, Integer> broken = new TreeMap<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    String rule = assertion.getRuleId().getClause() + ", test " + assertion.getRuleId().getTestNumber();
                    broken.merge(rule + ": " + assertion.getMessage(), 1, Integer::sum);
                }
            }
            String verdict = result.isCompliant() ? "valid" : "NOT VALID";
            System.out.printf("%s %s: %s, %d checks%n", profile.getId(), file, verdict, result.getTotalAssertions());
            broken.forEach((rule, count) -> System.out.println("    " + count + " times " + rule));
            return result.isCompliant() && result.getTotalAssertions() > 0 ? 0 : 1;
        } catch (Exception error) {
            System.out.println(profile.getId() + " " + file + ": cannot be judged: " + error);
            return 2;
        }
    }
}
