import { testContain } from "./contain-test";

testContain("lmdb");
