/** Which tests a file runs, read from its source: what is commented out, skipped or inside something that may not run is none. */
import { readFileSync } from 'node:fs';
import ts from '../../../build/client/typescript-five.ts';

/** What stands for the changing parts of titles that are made in a loop. */
export const changing = '…';

function titleOf(node: ts.Expression | undefined): string | undefined {
  if (!node) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => changing + literal.text).join('');
}

/** `name(...)` or `name.member(...)` as a statement. */
function callOf(statement: ts.Statement): { name: string; member: string; args: readonly ts.Expression[] } | undefined {
  if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return undefined;
  const { expression, arguments: args } = statement.expression;
  if (ts.isIdentifier(expression)) return { name: expression.text, member: '', args };
  if (!ts.isPropertyAccessExpression(expression) || !ts.isIdentifier(expression.expression)) return undefined;
  return { name: expression.expression.text, member: expression.name.text, args };
}

/** Names of the variables that hold a suite of uvu. */
function suitesOf(statements: readonly ts.Statement[]): Set<string> {
  const declarations = statements.flatMap((one) =>
    ts.isVariableStatement(one) ? [...one.declarationList.declarations] : [],
  );
  const isSuite = ({ initializer }: ts.VariableDeclaration): boolean =>
    initializer !== undefined &&
    ts.isCallExpression(initializer) &&
    ts.isIdentifier(initializer.expression) &&
    initializer.expression.text === 'suite';
  return new Set(declarations.filter(isSuite).map(({ name }) => (ts.isIdentifier(name) ? name.text : '')));
}

/** Titles of the tests of a source text: at its top or in loops over what stands there, of suites that are run whole. */
export function namedTests(source: string): string[] {
  const { statements } = ts.createSourceFile('a.test.ts', source, ts.ScriptTarget.Latest, true);
  const suites = suitesOf(statements);
  const titles: { suite: string; title: string }[] = [];
  const run = new Set<string>();
  const narrowed = new Set<string>();
  const look = (statement: ts.Statement): void => {
    if (ts.isForOfStatement(statement)) look(statement.statement);
    if (ts.isBlock(statement)) statement.statements.forEach(look);
    const call = callOf(statement);
    if (!call || !suites.has(call.name)) return;
    if (call.member === 'run') run.add(call.name);
    if (call.member === 'only') narrowed.add(call.name);
    const title = call.member === '' ? titleOf(call.args[0]) : undefined;
    if (title !== undefined && call.args[1]) titles.push({ suite: call.name, title });
  };
  statements.forEach(look);
  return titles.filter(({ suite }) => run.has(suite) && !narrowed.has(suite)).map(({ title }) => title);
}

export const namedTestsOf = (file: string): string[] => namedTests(readFileSync(file, 'utf8'));
