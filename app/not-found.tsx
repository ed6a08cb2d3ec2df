import Link from "next/link";

export default function NotFound() {
  return (
    <main className="mx-auto max-w-md px-4 py-20">
      <h1 className="font-semibold text-[20px]">There is no such page</h1>
      <p className="mt-1 text-muted">
        The address may be mistyped.{" "}
        <Link href="/" className="link">
          Go to the overview
        </Link>
      </p>
    </main>
  );
}
