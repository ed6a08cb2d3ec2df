import { testContain } from "./contain-test";

testContain("hash");
