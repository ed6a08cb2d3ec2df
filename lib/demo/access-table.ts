/** As host.sh asks the access table, and the program that makes `sluice_exact` for it: shown by the set-up. */
export const accessAsked =
  "check_sasl_access pipemap:{regexp:/etc/postfix/sluice_exact,lmdb:/etc/postfix/sluice_access}";
export const exactTable =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Postfix's, not a template
  'BEGIN { p = "^([^A-Z]*)"; r = "${1}"; print "/" p "$/i " r; for (n = 2; n < 66; n += 2) { p = p "([A-Z])([^A-Z]*)"; r = r "\\177${" n "}${" n + 1 "}"; print "/" p "$/i " r } print "/^(.*)$/ \\177\\177${1}" }';
