using System.Reflection;

namespace Ovation.Protocol.Tests;

public sealed class BorderTests
{
    /// <summary>Artists, Catalog, Payments and Media do not see Ethereum: a signature that names one of its types would not compile there.</summary>
    [Fact]
    public void Only_the_contract_bindings_show_Ethereums_types()
    {
        var ethereum = typeof(Ethereum.Address).Assembly;
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        IEnumerable<Type> Named(MemberInfo member) => member switch
        {
            MethodBase method => method.GetParameters().Select(p => p.ParameterType).Append((method as MethodInfo)?.ReturnType ?? typeof(void)),
            FieldInfo field => [field.FieldType],
            PropertyInfo property => [property.PropertyType],
            _ => [],
        };
        static bool IsOpen(MemberInfo member) => member switch
        {
            MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
            FieldInfo field => field.IsPublic || field.IsFamily || field.DeclaringType!.IsValueType,
            PropertyInfo property => property.GetAccessors().Length > 0,
            _ => false,
        };
        static IEnumerable<Type> Parts(Type type) =>
            type.HasElementType ? Parts(type.GetElementType()!) : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];

        var types = typeof(AudioTree).Assembly.GetExportedTypes().Where(t => t.Namespace == "Ovation.Protocol").ToArray();
        Assert.Contains(typeof(Cashier), types);
        var shown = types.SelectMany(t => t.GetMembers(Declared).Where(IsOpen).SelectMany(Named).SelectMany(Parts).Concat(t.GetInterfaces()).Append(t.BaseType ?? t)
            .Where(p => p.Assembly == ethereum).Select(p => $"{t.Name} shows {p.Name}"));
        Assert.Empty(shown);
    }
}
